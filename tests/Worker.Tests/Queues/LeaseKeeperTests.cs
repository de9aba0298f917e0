using Ebb.Storage;
using Ebb.Worker.Queues;
using Ebb.Worker.Tests.Hosting;
using Ebb.Worker.Tests.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Worker.Tests.Queues;

/// <summary>Leases of 30 seconds in time that the tests move: cancelled at 22.5, over for the work at 27.</summary>
public sealed class LeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeClock _clock = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
    private TroubledStorage _storage = null!;
    private LeasedMessage _message = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = new TroubledStorage(await HostStorage.OpenAsync(
            new HostStorageOptions { Storage = $"sqlite:{_directory.Path}/ebb.db" }, TimeProvider.System, NullLoggerFactory.Instance, default));
        await _storage.EnqueueAsync(new EnqueueRequest { Queue = "q", Body = "{}" }, default);
        _message = (await _storage.DequeueAsync(
            new DequeueRequest { Queue = "q", Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromHours(1) }, default)).Single();
    }

    public async ValueTask DisposeAsync()
    {
        _storage.Heal();
        await _storage.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keep_RenewalsComeToNothing_EndsBeforeTheLeaseDoes(bool hangs)
    {
        _storage.Hangs = hangs ? [nameof(IQueueStore.RenewAsync)] : [];
        _storage.Refuses = hangs ? [] : [nameof(IQueueStore.RenewAsync)];
        await using var lease = Keep();
        await _clock.PassAsync(22.4 * Second);
        lease.IsEnding.ShouldBeFalse();
        (_storage.Hung + _storage.Refused).ShouldBeGreaterThan(1, "it is tried again");

        await _clock.PassAsync(0.2 * Second);
        lease.IsEnding.ShouldBeTrue();
        await _clock.PassAsync(4.3 * Second);
        lease.Overdue.IsCompleted.ShouldBeFalse();
        lease.HasLapsed.ShouldBeFalse();

        await _clock.PassAsync(0.2 * Second, waiting: 0);
        await lease.Overdue.WaitAsync(TimeSpan.FromSeconds(60));
        await _clock.PassAsync(3 * Second, waiting: 0);
        lease.HasLapsed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-26)]
    [InlineData(26)]
    public async Task Keep_ClockJumps_NeitherDropsNorStretchesTheLease(int hours)
    {
        await using var lease = Keep();
        await _clock.PassAsync(9 * Second);
        _clock.Set(_clock.GetUtcNow() + TimeSpan.FromHours(hours));
        await _clock.PassAsync(300 * Second);
        lease.IsEnding.ShouldBeFalse();

        // Somewhere within ten seconds after a renewal.
        _storage.Hangs = [nameof(IQueueStore.RenewAsync)];
        _clock.Set(_clock.GetUtcNow() - TimeSpan.FromHours(hours));
        await _clock.PassAsync(12.4 * Second);
        lease.IsEnding.ShouldBeFalse();
        await _clock.PassAsync(10.2 * Second, waiting: 0);
        await lease.EndsAsync();
    }

    [Fact]
    public async Task Keep_OneRenewalHangs_TriesAgainInTime()
    {
        _storage.Hangs = [nameof(IQueueStore.RenewAsync)];
        await using var lease = Keep();
        await _clock.PassAsync(11 * Second);
        _storage.Hung.ShouldBe(1);
        _storage.Hangs = [];

        await _clock.PassAsync(300 * Second);

        lease.IsEnding.ShouldBeFalse();
    }

    [Fact]
    public async Task Keep_LongInComing_CountsFromWhenItWasAskedFor()
    {
        var asked = _clock.GetTimestamp();
        await _clock.PassAsync(15 * Second, waiting: 0);
        await using (var late = Keep(asked))
        {
            late.IsBeyondUse.ShouldBeFalse();
            await _clock.PassAsync(300 * Second);
            late.IsEnding.ShouldBeFalse("it was renewed at once");
        }

        asked = _clock.GetTimestamp();
        await _clock.PassAsync(23 * Second, waiting: 0);
        _storage.Hangs = [nameof(IQueueStore.RenewAsync)];
        await using var tooLate = Keep(asked);
        tooLate.IsBeyondUse.ShouldBeTrue();
    }

    [Fact]
    public async Task Keep_StoreSaysItIsGone_EndsAtOnce()
    {
        await using var lease = Keep();
        await _storage.SettleAsync(_message, new Settlement.Released(), default);

        await _clock.PassAsync(10.1 * Second);
        await lease.EndsAsync();
        lease.HasLapsed.ShouldBeTrue();
        lease.Overdue.IsCompleted.ShouldBeFalse();

        await _clock.PassAsync(3.1 * Second, waiting: 0);
        await lease.Overdue.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private LeaseKeeper Keep(long? askedAt = null) =>
        new(_storage, _message, askedAt ?? _clock.GetTimestamp(), new LeaseTerm(30 * Second), _clock, NullLogger.Instance);
}

internal static class LeaseKeeperWaiting
{
    /// <summary>Completes when the work is told to end.</summary>
    public static Task EndsAsync(this LeaseKeeper lease) =>
        SampleHost.EventuallyAsync(() => Task.FromResult(lease.IsEnding), "the work to be told to end");
}
