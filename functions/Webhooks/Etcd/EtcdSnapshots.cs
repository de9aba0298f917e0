using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Etcd;

/// <summary>The door of EtcdBackup. It holds no credential of the store: what it shows is what the worker last saw.</summary>
public sealed class EtcdSnapshots(IHostStorage storage)
{
    /// <summary><c>POST /api/etcd/snapshots</c>: an empty body, or <c>{"prune":false}</c>.</summary>
    [Function("EtcdSnapshotsTake")]
    public static Task<IResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "etcd/snapshots")] HttpRequest request, FunctionContext context) =>
        CommandDoor.AcceptAsync(SnapshotRequest.Command, request, context);

    /// <summary><c>GET /api/etcd/snapshots</c>: for each cluster what is stored, and whether it is verified.</summary>
    [Function("EtcdSnapshotsList")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "etcd/snapshots")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var documents = await storage.Documents.ListAsync(SnapshotsDocument.KeyPrefix, context.CancellationToken);

        // The documents are the worker's own JSON; an array of them needs no reading.
        return Results.Text($"[{string.Join(',', documents.Select(document => document.Value))}]", "application/json");
    }
}
