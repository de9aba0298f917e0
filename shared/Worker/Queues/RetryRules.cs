using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Invocations;

namespace Ebb.Worker.Queues;

/// <summary>
/// What becomes of a message after an attempt. Without a retry policy a queue message is tried <c>maxDequeueCount</c>
/// times, <c>visibilityTimeout</c> apart or, where that is 0, after 1, 2, 4 … seconds; a timer's run is not tried again.
/// </summary>
internal sealed class RetryRules(HostedFunction function, HostOptions options)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>How many attempts may fail by themselves.</summary>
    private int FailuresAllowed => function.Retry switch
    {
        { MaxRetryCount: < 0 or int.MaxValue } => int.MaxValue,
        { MaxRetryCount: var count } => count + 1,
        null => function.IsTimer ? 1 : options.MaxDequeueCount,
    };

    /// <summary>How many attempts may be made: failures, and attempts whose process died.</summary>
    private int AttemptsAllowed => Math.Max(FailuresAllowed, options.MaxDequeueCount);

    /// <summary>The end of a message that was taken too often already: its process died each time. Null: run it.</summary>
    public Settlement? BeforeRun(LeasedMessage message) => message.DequeueCount <= AttemptsAllowed ? null : GiveUp(
        new RunError("TooManyAttempts",
            $"{message.DequeueCount - 1} attempts began and none ended: the process died or lost its lease each time. Look for memory " +
            "limits, restarts and crashes of the worker, then redrive the message."), null);

    public Settlement AfterRun(LeasedMessage message, InvocationOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Succeeded => new Settlement.Succeeded(outcome.Result),
        OutcomeKind.FailedForGood => new Settlement.Failed(outcome.Error!, outcome.Result),
        OutcomeKind.BadMessage => GiveUp(outcome.Error!, outcome.Result),
        OutcomeKind.Cancelled => new Settlement.Released(),
        OutcomeKind.Postponed => new Settlement.Released(outcome.Delay),
        _ when message.DequeueCount < FailuresAllowed => new Settlement.Retried(outcome.Error!, DelayAfter(message.DequeueCount), outcome.Result),
        _ => GiveUp(outcome.Error!, outcome.Result),
    };

    // The next occurrence is a timer's retry, so there is nothing worth keeping for a redrive.
    private Settlement GiveUp(RunError error, string? result) =>
        function.IsTimer ? new Settlement.Failed(error, result) : new Settlement.Poisoned(error, result);

    private TimeSpan DelayAfter(int attempt) => function.Retry switch
    {
        { } policy => Doubled(policy.MinimumInterval, policy.MaximumInterval, attempt),
        null when options.VisibilityTimeout > TimeSpan.Zero => options.VisibilityTimeout,
        null => Doubled(FirstDelay, LongestDelay, attempt),
    };

    private static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int attempt)
    {
        // Not as a TimeSpan, which a long delay doubled often does not fit.
        var doubled = first.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 60));
        return doubled < longest.TotalSeconds ? TimeSpan.FromSeconds(doubled) : longest;
    }
}
