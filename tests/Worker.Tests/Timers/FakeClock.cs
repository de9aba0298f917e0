namespace Ebb.Worker.Tests.Timers;

/// <summary>
/// Time that moves when it is told to. The wall clock and the running time are two things, as they are on a machine whose
/// clock is set or that sleeps.
/// </summary>
internal sealed class FakeClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _wall = start;
    private TimeSpan _running;
    private TaskCompletionSource _parked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _running.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Completes when this many wait for the time to pass.</summary>
    public async Task WaitUntilParkedAsync(int count)
    {
        while (true)
        {
            Task parked;
            lock (_gate)
            {
                if (_alarms.Count >= count)
                {
                    return;
                }

                parked = _parked.Task;
            }

            await parked.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Lets time pass up to a moment; after each alarm waits until all who wait, wait again.</summary>
    public async Task PassUntilAsync(DateTimeOffset moment, int waiting = 1)
    {
        await WaitUntilParkedAsync(waiting);
        while (Ring(moment) is { } alarm)
        {
            alarm.Callback();
            await WaitUntilParkedAsync(waiting);
        }
    }

    /// <summary>Lets some time pass.</summary>
    public Task PassAsync(TimeSpan time, int waiting = 1) => PassUntilAsync(GetUtcNow() + time, waiting);

    /// <summary>Sets the wall clock; no time passes.</summary>
    public void Set(DateTimeOffset wall)
    {
        lock (_gate)
        {
            _wall = wall;
        }
    }

    private Alarm? Ring(DateTimeOffset moment)
    {
        lock (_gate)
        {
            var alarm = _alarms.MinBy(candidate => candidate.DueAt);
            var left = moment - _wall;
            if (alarm is null || alarm.DueAt - _running > left)
            {
                _running += left;
                _wall = moment;
                return null;
            }

            var step = alarm.DueAt > _running ? alarm.DueAt - _running : TimeSpan.Zero;
            _running += step;
            _wall += step;
            _alarms.Remove(alarm);
            return alarm;
        }
    }

    private sealed class Alarm(FakeClock clock, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public TimeSpan DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock._running + dueTime;
                    clock._alarms.Add(this);
                    clock._parked.TrySetResult();
                    clock._parked = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
