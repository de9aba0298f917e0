namespace Ebb.Storage;

/// <summary>
/// At-least-once queues. A message is taken under a lease, which is renewed while its run lives and lapses when its
/// process dies; then the message is visible again. Messages with the same sequence key of one queue run one at a time,
/// in the order they were accepted; only one that was postponed is passed. Every message is the same thing as its run: enqueuing creates the run, settling
/// ends it, in one atomic step.
/// </summary>
public interface IQueueStore
{
    /// <summary>
    /// Accepts a message. When the queue has already accepted one with the same idempotency key, nothing is stored and
    /// the first run's id comes back.
    /// </summary>
    /// <exception cref="HostStorageException">The message could not be made durable; nothing was accepted.</exception>
    ValueTask<EnqueueResult> EnqueueAsync(EnqueueRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes up to <see cref="DequeueRequest.MaxCount"/> messages that are ready, oldest first, and counts an attempt
    /// for each. Never waits; an empty list means nothing is ready.
    /// </summary>
    ValueTask<IReadOnlyList<LeasedMessage>> DequeueAsync(DequeueRequest request, CancellationToken cancellationToken);

    /// <summary>Completes when one of the queues may have a message ready. May complete for nothing; never misses one.</summary>
    Task WaitForWorkAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken);

    /// <summary>Extends a lease to now plus <paramref name="duration"/>. False: it lapsed, and the work may already run elsewhere.</summary>
    ValueTask<bool> RenewAsync(LeasedMessage message, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends an attempt. False: the lease lapsed, and nothing was changed.</summary>
    ValueTask<bool> SettleAsync(LeasedMessage message, Settlement settlement, CancellationToken cancellationToken);

    /// <summary>How many messages are in each state.</summary>
    ValueTask<QueueCounts> CountAsync(string queue, CancellationToken cancellationToken);

    /// <summary>The same for several queues in one round trip; every queue that was asked for is in the answer.</summary>
    ValueTask<IReadOnlyDictionary<string, QueueCounts>> CountAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken);

    /// <summary>The oldest messages of a queue, or with <paramref name="poisoned"/> of its poison queue, without taking them.</summary>
    ValueTask<IReadOnlyList<PeekedMessage>> PeekAsync(string queue, bool poisoned, int maxCount, CancellationToken cancellationToken);

    /// <summary>Puts poisoned messages back at the end of their queue with no attempts counted: one run's, or all of them.</summary>
    /// <returns>How many messages were put back.</returns>
    ValueTask<int> RedriveAsync(string queue, RunId? runId, CancellationToken cancellationToken);

    /// <summary>Deletes the waiting messages of a queue (their runs end failed), or with <paramref name="poisoned"/> those of its poison queue.</summary>
    /// <returns>How many messages were deleted.</returns>
    ValueTask<int> PurgeAsync(string queue, bool poisoned, CancellationToken cancellationToken);
}
