using System.Diagnostics;
using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.PullRequests;
using Ebb.Storage;

namespace Ebb.Webhooks.Git;

/// <summary>Puts events into the queue: each delivery once, one pull request at a time, the newest of those that wait.</summary>
internal sealed class PullRequestQueue(IHostStorage storage)
{
    // Somebody who redelivers by hand stops long before.
    private const int MaxAttempts = 20;

    /// <summary>
    /// Accepts an event durably. A delivery that is known yields its first run, unless that one failed for good: then somebody redelivered
    /// it to have it tried again, and it is.
    /// </summary>
    /// <exception cref="HostStorageException">It could not be made durable.</exception>
    public async ValueTask<RunId> EnqueueAsync(PullRequestEvent accepted, CancellationToken cancellationToken)
    {
        var request = Message(accepted);
        for (var attempt = 1; ; attempt++)
        {
            var (run, created) = await storage.Queues.EnqueueAsync(request, cancellationToken);
            if (created || attempt == MaxAttempts
                || (await storage.Runs.GetAsync(run, cancellationToken))?.State is not (RunState.Failed or RunState.Poisoned))
            {
                return run;
            }

            request = request with { IdempotencyKey = $"{accepted.Hook}/{accepted.DeliveryId}/after-{run}" };
        }
    }

    private static EnqueueRequest Message(PullRequestEvent accepted) => new()
    {
        Queue = Queues.PullRequests,
        Body = JsonSerializer.Serialize(accepted, ContractsJson.Default.PullRequestEvent),
        IdempotencyKey = $"{accepted.Hook}/{accepted.DeliveryId}",
        SequenceKey = accepted.Key,
        SupersedesWaiting = true,
        Caller = $"git:{accepted.Hook}",
        TraceParent = Activity.Current?.Id,
        TraceState = Activity.Current?.TraceStateString,
    };
}
