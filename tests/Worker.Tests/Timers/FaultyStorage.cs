using Ebb.Storage;

namespace Ebb.Worker.Tests.Timers;

/// <summary>Host storage whose schedules fail when told to, as a full disk or a lost database does.</summary>
internal sealed class FaultyStorage(IHostStorage inner) : IHostStorage, IScheduleStore
{
    public bool Fails { get; set; }

    /// <summary>How many claims go through before schedules fail; negative: all.</summary>
    public int ClaimsLeft { get; set; } = -1;

    public int Attempts { get; private set; }

    /// <summary>How often a schedule was read.</summary>
    public int Reads { get; private set; }

    public IQueueStore Queues => inner.Queues;

    public IScheduleStore Schedules => this;

    public IDocumentStore Documents => inner.Documents;

    public IRunStore Runs => inner.Runs;

    public ValueTask<ScheduleState?> GetAsync(string timer, CancellationToken cancellationToken)
    {
        Reads++;
        if (Fails)
        {
            Attempts++;
            throw new HostStorageException("no space left on device");
        }

        return inner.Schedules.GetAsync(timer, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ScheduleState>> ListAsync(CancellationToken cancellationToken) => inner.Schedules.ListAsync(cancellationToken);

    public ValueTask<bool> TrySetAsync(ScheduleState state, ScheduleState? expected, CancellationToken cancellationToken) =>
        inner.Schedules.TrySetAsync(state, expected, cancellationToken);

    public ValueTask<RunId?> TryClaimAsync(ScheduleClaim claim, CancellationToken cancellationToken)
    {
        Fails |= ClaimsLeft-- == 0;
        return Fails ? throw new HostStorageException("no space left on device") : inner.Schedules.TryClaimAsync(claim, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
