using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.Storage;
using Ebb.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Webhooks.Etcd;

/// <summary>The door of EtcdBackup. It holds no credential of the store: what it shows is what the worker last saw.</summary>
public sealed class EtcdSnapshots(IHostStorage storage)
{
    private const int MaxBytes = 4 * 1024;

    /// <summary><c>POST /api/etcd/snapshots</c>: an empty body, or <c>{"prune":false}</c>.</summary>
    [Function("EtcdSnapshotsTake")]
    public static async Task<IResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "etcd/snapshots")] HttpRequest request, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var body = await JsonBody.ReadAsync(request, MaxBytes, context.CancellationToken);
        if (body.Text is not { } text)
        {
            return body.Refusal!;
        }

        SnapshotRequest? read;
        try
        {
            read = text.Length == 0 ? new SnapshotRequest() : JsonSerializer.Deserialize(text, ContractsJson.Default.SnapshotRequest);
        }
        catch (JsonException e)
        {
            return RunAnswers.Problem(StatusCodes.Status400BadRequest, $"The body must be empty or {{\"prune\":false}}: at {e.Path ?? "$"} it is something else.");
        }

        return RunAnswers.Enqueued(new EnqueueRequest
        {
            Queue = Queues.EtcdSnapshots,
            SequenceKey = "snapshot",
            // Written anew, so that nothing but what was checked passes the queue.
            Body = JsonSerializer.Serialize(read ?? new SnapshotRequest(), ContractsJson.Default.SnapshotRequest),
        });
    }

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
