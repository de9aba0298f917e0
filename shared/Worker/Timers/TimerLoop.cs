using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Timers;

/// <summary>Watches one timer: waits for its occurrences and claims each.</summary>
internal sealed partial class TimerLoop(ScheduledTimer timer, IHostStorage storage, TimeProvider time, ILogger logger)
{
    // Long waits are taken in steps, so that a clock that is set forward or a machine that slept is noticed. A step alone asks nobody.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(2);

    private readonly KnownSchedule _known = new(time);
    private bool _atStart = true;
    private bool _startupRunOwed = timer is { RunOnStartup: true, IsOff: false };

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
        if (!_atStart && timer.IsOff)
        {
            return LongestWait;
        }

        if (!_atStart && _known.State is { } known && TimerDecision.Of(timer, known, time.GetUtcNow(), false) is TimerDecision.Wait still)
        {
            return still.Time;
        }

        var state = await storage.Schedules.GetAsync(timer.Function, cancellationToken);
        _known.Read(state);
        switch (TimerDecision.Of(timer, state, time.GetUtcNow(), _atStart))
        {
            case TimerDecision.Set set:
                await SetAsync(set, state, cancellationToken);
                return TimeSpan.Zero;
            case TimerDecision.Claim claim:
                return await ClaimAsync(claim, state!, cancellationToken);
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
        _known.Forget();
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

    /// <returns>Zero to look again; more when there is no room for the occurrence.</returns>
    private async ValueTask<TimeSpan> ClaimAsync(TimerDecision.Claim claim, ScheduleState state, CancellationToken cancellationToken)
    {
        var counts = await storage.Queues.CountAsync(timer.Queue, cancellationToken);
        var waiting = counts.Ready + counts.Waiting;
        if (timer.CatchUp is CatchUp.All && waiting >= timer.CatchUpLimit)
        {
            // The schedule itself is the rest of the line: what it still holds when there is room is claimed then.
            return RoomPause;
        }

        // Each run that waits would be replaced by the next: a timer that outruns its function would flood the list of runs.
        if (timer.CatchUp is not CatchUp.All && counts.Running > 0 && waiting > 0)
        {
            await SetAsync(new(claim.NewState with { Last = state.Last }, SetReason.StillWaiting), state, cancellationToken);
            return TimeSpan.Zero;
        }

        _known.Forget();
        if (await storage.Schedules.TryClaimAsync(new(state, claim.NewState, MessageOf(claim, state)), cancellationToken) is { } run)
        {
            // Catching up is the run at the start.
            _startupRunOwed &= !_atStart;
            _atStart = false;
            LogClaimed(timer.Function, claim.Occurrence, claim.IsPastDue, run, claim.NewState.Next);
        }

        return TimeSpan.Zero;
    }

    private EnqueueRequest MessageOf(TimerDecision.Claim claim, ScheduleState state)
    {
        var status = new TimerRunStatus { Last = state.Last, Next = claim.NewState.Next, LastUpdated = claim.NewState.LastUpdated };
        return TimerMessage.Occurrence(timer, claim.Occurrence, new TimerRun
        {
            Occurrence = claim.Occurrence,
            ScheduleStatus = timer.IsMonitored ? status : null,
            IsPastDue = claim.IsPastDue,
        });
    }
}
