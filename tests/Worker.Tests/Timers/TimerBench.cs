using Ebb.Schedules;
using Ebb.Storage;
using Ebb.Worker.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Timers;

/// <summary>Timers over a real SQLite store, in time that tests move.</summary>
internal sealed class TimerBench : IAsyncDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ebb-timers-{Guid.NewGuid():N}");
    private readonly List<Replica> _replicas = [];

    private TimerBench(DateTimeOffset start) => Clock = new(start);

    public FakeClock Clock { get; }

    public IHostStorage Storage { get; private set; } = null!;

    public static async Task<TimerBench> OpenAsync(string start)
    {
        var bench = new TimerBench(DateTimeOffset.Parse(start));
        await bench.OpenStorageAsync();
        return bench;
    }

    public static ScheduledTimer Timer(string schedule, string zone = "UTC", bool useMonitor = true, bool runOnStartup = false)
    {
        var trigger = new TimerTriggerDefinition(schedule, useMonitor, runOnStartup);
        ScheduledTimer.TryCreate("Chore", schedule, trigger, TimeZoneNames.Find(zone)!, out var timer, out var error).ShouldBeTrue(error);
        return timer!;
    }

    /// <summary>A timer that catches up every occurrence.</summary>
    public static ScheduledTimer All(string schedule, int limit, bool runOnStartup = false) =>
        Timer(schedule, runOnStartup: runOnStartup) with { CatchUp = CatchUp.All, CatchUpLimit = limit };

    /// <summary>Starts a process's scheduler and waits until it has dealt with its timers.</summary>
    public async Task<Replica> StartAsync(ScheduledTimer timer, IHostStorage? storage = null, TimeSpan ahead = default)
    {
        var replica = Launch(timer, storage, ahead);
        await Clock.WaitUntilParkedAsync(_replicas.Count);
        return replica;
    }

    /// <summary>Starts as many at once.</summary>
    public async Task StartTogetherAsync(ScheduledTimer timer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Launch(timer, null, default);
        }

        await Clock.WaitUntilParkedAsync(_replicas.Count);
    }

    public async Task StopAsync(Replica replica)
    {
        _replicas.Remove(replica);
        await replica.DisposeAsync();
    }

    public Task PassUntilAsync(string moment) => Clock.PassUntilAsync(DateTimeOffset.Parse(moment), _replicas.Count);

    /// <summary>Every run so far, oldest first.</summary>
    public async Task<IReadOnlyList<Run>> RunsAsync() =>
        [.. (await Storage.Runs.ListAsync(new RunQuery { Limit = 1000 }, CancellationToken.None)).Reverse()];

    /// <summary>The occurrences that were claimed so far, oldest first, as times of the day in UTC.</summary>
    public async Task<IReadOnlyList<string>> OccurrencesAsync() =>
        [.. (await RunsAsync()).Select(run => run.IdempotencyKey is null ? "extra" : $"{DateTimeOffset.Parse(run.IdempotencyKey):dd HH:mm:ss}")];

    /// <summary>Takes the next run of the timer.</summary>
    public async Task<LeasedMessage?> TakeAsync() =>
        (await Storage.Queues.DequeueAsync(
            new() { Queue = "$timer-Chore", Function = "Chore", Instance = "test", MaxCount = 1, LeaseDuration = TimeSpan.FromDays(1) },
            CancellationToken.None)).SingleOrDefault();

    /// <summary>Runs everything that waits.</summary>
    public async Task<int> DrainAsync()
    {
        var done = 0;
        for (; await TakeAsync() is { } message; done++)
        {
            (await Storage.Queues.SettleAsync(message, new Settlement.Succeeded(null), CancellationToken.None)).ShouldBeTrue();
        }

        return done;
    }

    /// <summary>The process dies and starts again: what is not on disk is gone.</summary>
    public async Task ReopenStorageAsync()
    {
        await Storage.DisposeAsync();
        await OpenStorageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Storage.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Replica Launch(ScheduledTimer timer, IHostStorage? storage, TimeSpan ahead)
    {
        var stop = new CancellationTokenSource();
        var scheduler = new TimerScheduler([timer], storage ?? Storage, new ShiftedClock(Clock, ahead), NullLogger<TimerScheduler>.Instance);
        var replica = new Replica(stop, scheduler.RunAsync(stop.Token));
        _replicas.Add(replica);
        return replica;
    }

    // The store gets the time but not the alarms: only schedulers wait for the clock here.
    private async Task OpenStorageAsync() =>
        Storage = await HostStorage.OpenAsync(new() { Storage = $"sqlite:{_directory}/ebb.db" }, new TimeOnly(Clock), NullLoggerFactory.Instance, CancellationToken.None);

    private sealed class TimeOnly(TimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();
    }
}

/// <summary>A scheduler that runs.</summary>
internal sealed record Replica(CancellationTokenSource Stop, Task Running) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Stop.CancelAsync();
        await Running.WaitAsync(TimeSpan.FromSeconds(60));
        Stop.Dispose();
    }
}
