namespace Ebb.Storage;

/// <summary>The record of every invocation, kept for <see cref="HostStorageOptions.RunRetention"/>.</summary>
public interface IRunStore
{
    /// <summary>A run; null when it is unknown or no longer kept.</summary>
    ValueTask<Run?> GetAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Runs that match, newest first.</summary>
    ValueTask<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>Completes when the run is final or the time is over, with the run as it is then; null when it is unknown.</summary>
    Task<Run?> WaitAsync(RunId id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>What the kept runs say of each function, by name; runs that no function has taken yet are not among them.</summary>
    ValueTask<IReadOnlyList<FunctionSummary>> SummarizeAsync(CancellationToken cancellationToken);

    /// <summary>Stores a run that no queue carries (an HTTP invocation). Written, but not waited for to be durable.</summary>
    ValueTask RecordAsync(Run run, CancellationToken cancellationToken);

    /// <summary>Sets a live run's <see cref="Run.Progress"/> (at most 500 characters are kept). Not waited for to be durable.</summary>
    ValueTask ReportProgressAsync(RunId id, string progress, CancellationToken cancellationToken);
}

/// <summary>Which runs to list.</summary>
public sealed record RunQuery
{
    /// <summary>Only runs of this function.</summary>
    public string? Function { get; init; }

    /// <summary>Only runs in this state.</summary>
    public RunState? State { get; init; }

    /// <summary>Only runs created before this one: the last of the previous page.</summary>
    public RunId? Before { get; init; }

    /// <summary>How many at most, 1 to 1000. Default 50.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>What the kept runs say of one function.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Runs">How many runs are in each state; states without runs are left out.</param>
/// <param name="LastSuccessAt">When a run last succeeded.</param>
/// <param name="LastFailureAt">When a run last ended failed or poisoned.</param>
/// <param name="LastDuration">How long the final attempt of the run that ended last took.</param>
public sealed record FunctionSummary(
    string Function, IReadOnlyDictionary<RunState, int> Runs, DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, TimeSpan? LastDuration);
