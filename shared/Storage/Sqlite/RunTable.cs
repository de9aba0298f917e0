using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>What happens to runs, in SQL. Each method belongs to one transaction.</summary>
internal static class RunTable
{
    private const int BatchSize = 1000;

    private const string Moved =
        "seq, id, queue, trigger, created_at, function, sequence_key, idempotency_key, trace_parent, caller, progress, started_at, attempts";

    private const string Columns = $"{RunRow.Head}, attempts, {RunRow.Tail}";

    private const string Live =
        $"select {Columns}, case place when 3 then 4 when 4 then 1 else 0 end as state, null as superseded_by, 0 as lapsed from messages";

    // $1 is the moment until which those that ended are forgotten, whether deleted already or not.
    private const string Ended = $"select {Columns}, state, superseded_by, 0 as lapsed from runs";

    private const string IsKept = "(ended_at is null or ended_at > $1)";

    private const string One = $"{Live} where id = $2 union all {Ended} where id = $2 and {IsKept}";

    private const string Insert =
        """
        insert into runs (
            seq, id, state, trigger, created_at, started_at, ended_at, function, sequence_key, idempotency_key, trace_parent, caller,
            error_type, error_message, progress, attempts, result, superseded_by, queue)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        """;

    private const string Orphans = $"{Ended} where ended_at is null and trigger <> $1";

    private const string Counts =
        """
        select function, state, count, last_ended_at, last_seq from run_counts where function <> ''
        union all
        select function, case place when 3 then 4 when 4 then 1 else 0 end as place_state, count(*), max(ended_at), -seq
        from messages where function is not null group by function, place_state
        """;

    private const string DeleteOld = "delete from runs where seq in (select seq from runs where ended_at <= $1 order by ended_at, seq limit $2)";

    private const string DeleteFirst =
        "delete from runs where seq in (select seq from runs where ended_at is not null order by ended_at, seq limit $1)";

    /// <summary>The statement that makes messages runs that are over, in the columns of their rows; it returns their ids.</summary>
    public static string MoveHere(
        string state, string endedAt, string instance, string errorType, string errorMessage, string result, string supersededBy, string condition) =>
        $"""
        insert into runs ({Moved}, state, ended_at, instance, error_type, error_message, result, superseded_by)
        select {Moved}, {state}, {endedAt}, {instance}, {errorType}, {errorMessage}, {result}, {supersededBy}
        from messages where {condition} returning id
        """;

    /// <summary>A run; null when it is unknown or ended before <paramref name="kept"/>.</summary>
    public static Run? Find(Work work, RunId id, DateTimeOffset kept) => work.Session.First(One, RunRow.Read, kept, id);

    /// <summary>Runs that match, newest first.</summary>
    public static IReadOnlyList<Run> List(Work work, RunQuery query, DateTimeOffset kept)
    {
        var before = query.Before is { } id ? Number(work, id) : null;
        // Every part is read in its order from an index, as many rows as are asked for: nothing is read that is not shown.
        var parts = MessageFilters(query).Select(filter => (Select: Live, Filter: filter)).Concat(RunFilters(query).Select(filter => (Select: Ended, Filter: filter)));
        var bound = query.Before is null ? "true" : before is null ? "id < $3" : "seq < $4";
        var sql = string.Join(" union all ", parts.Select(part => $"select * from ({part.Select} where {part.Filter} and {bound} order by seq desc limit $5)"));
        return work.Session.Rows($"select * from ({sql}) order by seq desc limit $5", RunRow.Read, kept, query.Function, query.Before, before, query.Limit);
    }

    /// <summary>What there is of each function.</summary>
    public static IReadOnlyList<FunctionSummary> Summarize(Work work) =>
        [.. work.Session.Rows(Counts, FunctionCount.Read).GroupBy(count => count.Function).OrderBy(counts => counts.Key, StringComparer.Ordinal)
            .Select(counts => FunctionCount.Summarize(counts, seq => Numbered(work, seq)))];

    /// <summary>Stores a run that no queue carries, unless it is final already.</summary>
    public static void Record(Work work, Run run)
    {
        var seq = Number(work, run.Id) ?? work.TakeNumber();
        if (work.Session.First($"{Live} where seq = $1 union all {Ended} where seq = $1", RunRow.Read, seq) is { } stored)
        {
            if (stored.Queue is not null)
                throw new ArgumentException($"Run {run.Id} is carried by queue {stored.Queue}; only its settlement changes it.", nameof(run));
            if (stored.IsFinal)
                return;
            work.Session.Execute("delete from runs where seq = $1", seq);
        }
        Add(work, run, seq);
        if (run.IsFinal)
            work.EndedRuns.Add(run.Id);
    }

    /// <summary>Stores a run that is no message.</summary>
    public static void Add(Work work, Run run, long seq) => work.Session.Execute(
        Insert, seq, run.Id, run.State, run.Trigger, run.CreatedAt, run.StartedAt, run.EndedAt ?? (run.IsFinal ? run.CreatedAt : null),
        StoredText.Clean(run.Function), run.SequenceKey, run.IdempotencyKey, run.TraceId is { } trace ? $"00-{trace}-0000000000000000-00" : null,
        StoredText.Clean(run.Caller), StoredText.Clean(run.Error?.Type), StoredText.Clean(run.Error?.Message), StoredText.Clean(run.Progress),
        RunRow.Write(run.Attempts), StoredText.Clean(run.Result), run.SupersededBy, run.Queue);

    /// <summary>Notes what a live run says of itself.</summary>
    public static void Report(Work work, RunId id, string progress)
    {
        work.Session.Execute("update messages set progress = $2 where id = $1 and place <> 3", id, progress);
        work.Session.Execute("update runs set progress = $2 where id = $1 and ended_at is null", id, progress);
    }

    /// <summary>
    /// The runs without a message that a process left behind when it died end failed. RabbitMQ delivers its messages again, and with them
    /// their runs go on.
    /// </summary>
    public static void EndOrphans(Work work)
    {
        foreach (var run in work.Session.Rows(Orphans, RunRow.Read, TriggerKind.RabbitMQ))
            Record(work, run with { State = RunState.Failed, EndedAt = work.Now.Wall, Error = RunErrors.HostStopped });
    }

    /// <summary>Deletes some of what ended before <paramref name="kept"/> or is more than <paramref name="max"/>.</summary>
    public static void Forget(Work work, DateTimeOffset kept, int max)
    {
        work.Session.Execute(DeleteOld, kept, BatchSize);
        var excess = EndedCount(work) - max;
        if (excess > Slack(max))
            Drop(work, (int)Math.Min(excess, BatchSize));
    }

    /// <summary>How many may be there in excess for a moment: many are deleted at once with less work than one by one.</summary>
    public static int Slack(int max) => max / 1000;

    /// <summary>Deletes the runs that ended first.</summary>
    public static void Drop(Work work, int count) => work.Session.Execute(DeleteFirst, count);

    /// <summary>How many runs ended.</summary>
    public static long EndedCount(Work work) => work.Session.First("select coalesce(sum(count), 0) from run_counts where state >= 2", static row => row.GetInt64(0));

    /// <summary>When the first of those that are kept ended.</summary>
    public static DateTimeOffset? FirstEnd(Work work) =>
        work.Session.First("select min(ended_at) from runs where ended_at is not null", static row => row.TimeOrNull(0));

    private static Run? Numbered(Work work, long seq) => seq < 0
        ? work.Session.First($"{Live} where seq = $1", RunRow.Read, -seq)
        : work.Session.First($"{Ended} where seq = $1", RunRow.Read, seq);

    private static long? Number(Work work, RunId id) => work.Session.First(
        "select seq from messages where id = $1 union all select seq from runs where id = $1", static row => (long?)row.GetInt64(0), id);

    private static IEnumerable<string> MessageFilters(RunQuery query)
    {
        var function = query.Function is null ? "true" : "function = $2";
        string? place = query.State switch
        {
            null => "true",
            RunState.Queued => "place in (0, 1, 2)",
            RunState.Running => "place = 4",
            RunState.Poisoned => "place = 3",
            _ => null,
        };
        return place is null ? [] : [$"{function} and {place}"];
    }

    private static IEnumerable<string> RunFilters(RunQuery query)
    {
        RunState[] every = [RunState.Running, RunState.Succeeded, RunState.Failed, RunState.Superseded];
        return (query.Function, query.State) switch
        {
            (null, null) => [IsKept],
            (null, { } state) => [$"state = {state:D} and {IsKept}"],
            (_, { } state) => [$"function = $2 and state = {state:D} and {IsKept}"],
            _ => every.Select(state => $"function = $2 and state = {state:D} and {IsKept}"),
        };
    }
}
