using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Timers;

/// <summary>
/// Claims the due occurrences of timers. Each becomes one message on the timer's queue, across all replicas that share host
/// storage; runs of one timer never overlap, and at most one waits behind the one that runs.
/// </summary>
public sealed class TimerScheduler(
    IReadOnlyList<ScheduledTimer> timers, IHostStorage storage, TimeProvider time, ILogger<TimerScheduler> logger)
{
    /// <summary>Claims until it is cancelled; then it returns. Never fails: errors of host storage are logged and tried again.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(timers.Select(timer => Task.Run(() => new TimerLoop(timer, storage, time, logger).RunAsync(cancellationToken), CancellationToken.None)));
}
