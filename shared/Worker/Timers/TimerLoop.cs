using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Timers;

/// <summary>Watches one timer: waits for its occurrences and claims each.</summary>
internal sealed partial class TimerLoop(ScheduledTimer timer, IHostStorage storage, TimeProvider time, ILogger logger)
{
    // Long waits are taken in steps, so that a clock that is set forward or a machine that slept is noticed.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);

    private bool _atStart = true;
    private bool _startupRunOwed = timer.RunOnStartup;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var wait = await LookAsync(cancellationToken);
                failures = 0;
                await WaitAsync(wait, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                var backOff = BackOff(failures++);
                LogFailed(timer.Function, failures, backOff, error);
                await Task.Delay(backOff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TimeSpan BackOff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestBackOff.TotalSeconds, Math.Pow(2, Math.Min(failures, 10))));

    // Rounded up: a wait that ends a fraction early would only be waited out again.
    private Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var step = wait < LongestWait ? wait : LongestWait;
        return step <= TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(step.TotalMilliseconds)), time, cancellationToken);
    }

    /// <returns>How long nothing is due; zero to look again.</returns>
    private async ValueTask<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var state = await storage.Schedules.GetAsync(timer.Function, cancellationToken);
        switch (TimerDecision.Of(timer, state, time.GetUtcNow(), _atStart))
        {
            case TimerDecision.Set set:
                await SetAsync(set, state, cancellationToken);
                return TimeSpan.Zero;
            case TimerDecision.Claim claim:
                await ClaimAsync(claim, state!, cancellationToken);
                return TimeSpan.Zero;
            case TimerDecision.Wait wait:
                await StartUpAsync(cancellationToken);
                return wait.Time;
            default:
                return LongestWait;
        }
    }

    private async ValueTask StartUpAsync(CancellationToken cancellationToken)
    {
        _atStart = false;
        if (_startupRunOwed)
        {
            var run = await storage.Queues.EnqueueAsync(TimerMessage.Extra(timer), cancellationToken);
            _startupRunOwed = false;
            LogStartupRun(timer.Function, run.RunId);
        }
    }

    private async ValueTask SetAsync(TimerDecision.Set set, ScheduleState? expected, CancellationToken cancellationToken)
    {
        if (await storage.Schedules.TrySetAsync(set.State, expected, cancellationToken))
        {
            _atStart = false;
            if (set.Reason is SetReason.StillWaiting)
            {
                LogLeftOut(timer.Function, expected!.Next, set.State.Next);
            }
            else
            {
                LogSet(timer.Function, set.Reason, set.State.Schedule, set.State.Next);
            }
        }
    }

    private async ValueTask ClaimAsync(TimerDecision.Claim claim, ScheduleState state, CancellationToken cancellationToken)
    {
        // Each run that waits would be replaced by the next: a timer that outruns its function would flood the list of runs.
        var counts = await storage.Queues.CountAsync(timer.Queue, cancellationToken);
        if (counts.Running > 0 && counts.Ready + counts.Waiting > 0)
        {
            await SetAsync(new(claim.NewState with { Last = state.Last }, SetReason.StillWaiting), state, cancellationToken);
            return;
        }

        var status = new ScheduleStatus { Last = state.Last, Next = claim.NewState.Next, LastUpdated = claim.NewState.LastUpdated };
        var info = new TimerInfo { ScheduleStatus = timer.IsMonitored ? status : null, IsPastDue = claim.IsPastDue };
        var message = TimerMessage.Occurrence(timer, claim.Occurrence, info);
        if (await storage.Schedules.TryClaimAsync(new(state, claim.NewState, message), cancellationToken) is { } run)
        {
            // Catching up is the run at the start.
            _startupRunOwed &= !_atStart;
            _atStart = false;
            LogClaimed(timer.Function, claim.Occurrence, claim.IsPastDue, run, claim.NewState.Next);
        }
    }
}
