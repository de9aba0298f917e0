using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Etcd;

/// <summary>The door of EtcdBackup's drills: what it shows is what the worker last found out.</summary>
public sealed class EtcdDrills(IHostStorage storage)
{
    /// <summary><c>POST /api/etcd/drills</c>: an empty body for the newest verified snapshot, or <c>{"name":"…"}</c>.</summary>
    [Function("EtcdDrillsStart")]
    public static Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "etcd/drills")] HttpRequest request, FunctionContext context) =>
        CommandDoor.AcceptAsync(DrillRequest.Command, request, context);

    /// <summary><c>GET /api/etcd/drills</c>: for each cluster the newest drills, what each checked and what it found.</summary>
    [Function("EtcdDrillsList")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "etcd/drills")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var documents = await storage.Documents.ListAsync(DrillsDocument.KeyPrefix, context.CancellationToken);

        // The documents are the worker's own JSON; an array of them needs no reading.
        return Results.Text($"[{string.Join(',', documents.Select(document => document.Value))}]", "application/json");
    }
}
