using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Etcd;

/// <summary>The door of EtcdBackup's drills: what it shows is what the worker last found out.</summary>
public sealed class EtcdDrills(IHostStorage storage)
{
    private const int MaxBytes = 4 * 1024;
    private const string Expected = "The body must be empty or {\"name\":\"prod-2026-01-31T02:00:00Z.snap.age\"}, with a name that GET /api/etcd/snapshots shows";

    /// <summary><c>POST /api/etcd/drills</c>: an empty body for the newest verified snapshot, or <c>{"name":"…"}</c>.</summary>
    [Function("EtcdDrillsStart")]
    public static async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "etcd/drills")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var body = await JsonBody.ReadAsync(request, MaxBytes, context.CancellationToken);
        if (body.Text is not { } text)
        {
            return body.Refusal!;
        }

        if (Read(text) is not { } read || !read.IsPlausible())
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, $"{Expected}.");
        }

        return RunAnswers.Enqueued(new EnqueueRequest
        {
            Queue = Queues.EtcdDrills,
            SequenceKey = "drill",
            // Written anew, so that nothing but what was checked passes the queue.
            Body = JsonSerializer.Serialize(read, ContractsJson.Default.DrillRequest),
        });
    }

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

    private static DrillRequest? Read(string text)
    {
        try
        {
            return (text.Length == 0 ? null : JsonSerializer.Deserialize(text, ContractsJson.Default.DrillRequest)) ?? new DrillRequest();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
