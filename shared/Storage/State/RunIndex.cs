namespace Ebb.Storage.State;

/// <summary>The runs by id, by creation, by function and by state, so that no listing scans what it does not return.</summary>
internal sealed class RunIndex
{
    private readonly Dictionary<RunId, RunEntry> _byId = [];
    private readonly Dictionary<(string? Function, RunState? State), SortedSet<RunEntry>> _lists = [];
    private readonly SortedSet<RunEntry> _ended = new(RunEntry.ByEnd);

    public IReadOnlyCollection<RunEntry> All => List(null, null);

    /// <summary>The runs that are queued or running.</summary>
    public IEnumerable<RunEntry> Live => List(null, RunState.Queued).Concat(List(null, RunState.Running));

    /// <summary>How many runs ended for good.</summary>
    public int EndedCount => _ended.Count;

    /// <summary>The run that ended first.</summary>
    public RunEntry? FirstEnded => _ended.Min;

    public IReadOnlyCollection<RunEntry> Ended => _ended;

    public RunEntry? Find(RunId id) => _byId.GetValueOrDefault(id);

    public void Add(RunEntry entry)
    {
        _byId.Add(entry.Run.Id, entry);
        Link(entry, null, null);
        LinkFiltered(entry);
    }

    /// <summary>Replaces what is known of a run.</summary>
    public void Update(RunEntry entry, Run run)
    {
        if (entry.Run.State == run.State && entry.Run.Function == run.Function)
        {
            entry.Run = run;
            return;
        }
        UnlinkFiltered(entry);
        entry.Run = run;
        LinkFiltered(entry);
    }

    /// <summary>Marks a run as over: it may be dropped when its time comes.</summary>
    public void End(RunEntry entry, long endOrder)
    {
        entry.EndOrder = endOrder;
        _ended.Add(entry);
    }

    public void Remove(RunEntry entry)
    {
        _ended.Remove(entry);
        _byId.Remove(entry.Run.Id);
        Unlink(entry, null, null);
        UnlinkFiltered(entry);
    }

    public IReadOnlyList<Run> List(RunQuery query)
    {
        var list = List(query.Function, query.State);
        if (query.Before is not { } before)
            return [.. list.Reverse().Take(query.Limit).Select(entry => entry.Run)];
        if (_byId.GetValueOrDefault(before) is not { } last)
            return [.. list.Reverse().Where(entry => entry.Run.Id < before).Take(query.Limit).Select(entry => entry.Run)];
        if (list.Min is not { } first || first.Order >= last.Order)
            return [];
        return [.. list.GetViewBetween(first, last).Reverse().Where(entry => entry != last).Take(query.Limit).Select(entry => entry.Run)];
    }

    public IReadOnlyList<FunctionSummary> Summaries() =>
        [.. _lists.Keys.Where(key => key is { Function: not null, State: null }).Select(key => key.Function!).Order(StringComparer.Ordinal).Select(Summary)];

    private FunctionSummary Summary(string function)
    {
        var runs = Enum.GetValues<RunState>().ToDictionary(state => state, state => List(function, state).Count);
        var succeeded = LastEnded(function, RunState.Succeeded);
        var failed = Later(LastEnded(function, RunState.Failed), LastEnded(function, RunState.Poisoned));
        var attempt = Later(succeeded, failed)?.Attempts is [.., var last] ? last : null;
        return new(
            function, runs.Where(state => state.Value > 0).ToDictionary(), succeeded?.EndedAt, failed?.EndedAt, attempt?.EndedAt - attempt?.StartedAt);
    }

    private Run? LastEnded(string function, RunState state) => List(function, state).MaxBy(entry => entry.Run.EndedAt)?.Run;

    private static Run? Later(Run? one, Run? other) => one is null || other?.EndedAt > one.EndedAt ? other : one;

    private SortedSet<RunEntry> List(string? function, RunState? state) =>
        _lists.TryGetValue((function, state), out var list) ? list : new(RunEntry.ByOrder);

    private void LinkFiltered(RunEntry entry)
    {
        Link(entry, null, entry.Run.State);
        if (entry.Run.Function is not { } function)
            return;
        Link(entry, function, null);
        Link(entry, function, entry.Run.State);
    }

    private void UnlinkFiltered(RunEntry entry)
    {
        Unlink(entry, null, entry.Run.State);
        if (entry.Run.Function is not { } function)
            return;
        Unlink(entry, function, null);
        Unlink(entry, function, entry.Run.State);
    }

    private void Link(RunEntry entry, string? function, RunState? state)
    {
        if (!_lists.TryGetValue((function, state), out var list))
            _lists[(function, state)] = list = new(RunEntry.ByOrder);
        list.Add(entry);
    }

    private void Unlink(RunEntry entry, string? function, RunState? state)
    {
        if (!_lists.TryGetValue((function, state), out var list))
            return;
        list.Remove(entry);
        if (list.Count == 0)
            _lists.Remove((function, state));
    }
}
