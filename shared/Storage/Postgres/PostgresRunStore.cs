using Ebb.Storage.Postgres.Sql;
using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>The runs of a PostgreSQL store.</summary>
internal sealed class PostgresRunStore(PostgresDatabase database, Watch watch, Channels channels, Retention retention, Orphans orphans) : IRunStore
{
    private const int MaxProgressLength = 500;

    private const string One =
        $"select * from {RunRows.Live} m where id = $3 union all select * from {RunRows.Ended} r where id = $3 limit 1";

    private const string Filter =
        """
        where ($3::text is null or function = $3) and ($4::bigint is null or state = $4)
          and ($5::uuid is null or case when (select seq from before) is null then id < $5 else seq < (select seq from before) end)
        order by seq desc limit $6
        """;

    private const string Many =
        $"""
        with before as (select seq from messages where id = $5 union all select seq from runs where id = $5 limit 1)
        select * from (
            (select * from {RunRows.Live} m {Filter}) union all (select * from {RunRows.Ended} r {Filter})) every_run
        order by seq desc limit $6
        """;

    private const string Summary =
        $"""
        with every as (select * from {RunRows.Live} m where function is not null union all select * from {RunRows.Ended} r where function is not null)
        select function, state, count(*), max(ended_at),
            (array_agg(extract(epoch from case when instance is not null then ended_at - started_at
                else (attempts::jsonb -> -1 ->> 'endedAt')::timestamptz - (attempts::jsonb -> -1 ->> 'startedAt')::timestamptz end) * 1000000
                order by ended_at desc nulls last, seq desc))[1]::bigint
        from every group by function, state order by function
        """;

    // A run is stored as it was first, then each time until it is final. What a queue carries is not touched.
    private const string Record =
        """
        with unflushed as (select set_config('synchronous_commit', 'off', true)),
        stored as (
            insert into runs (
                id, seq, state, trigger, created_at, started_at, ended_at, function, sequence_key, idempotency_key, trace_parent, caller,
                error_type, error_message, progress, attempts, result, superseded_by, owner)
            select $1, nextval('order_numbers'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16, $17, $18
            from unflushed where not exists (select 1 from messages where id = $1)
            on conflict (id) do update set
                state = excluded.state, started_at = excluded.started_at, ended_at = excluded.ended_at, function = excluded.function,
                error_type = excluded.error_type, error_message = excluded.error_message, progress = excluded.progress,
                attempts = excluded.attempts, result = excluded.result
            where runs.ended_at is null and runs.queue is null
            returning id, awaited, ended_at
        )
        select (select queue from messages where id = $1 union all select queue from runs where id = $1 limit 1),
            (select pg_notify($19, id::text)::text from stored where awaited and ended_at is not null)
        """;

    private const string Progress =
        """
        with unflushed as (select set_config('synchronous_commit', 'off', true)),
        live as (update messages set progress = $2 from unflushed where id = $1 and place <> 3 returning 1)
        update runs set progress = $2 where id = $1 and ended_at is null
        """;

    // The row may be another role's: see the function (0002.sql).
    private const string Await = "select set_config('synchronous_commit', 'off', true), await_run($1)::text";

    public async ValueTask<Run?> GetAsync(RunId id, CancellationToken cancellationToken)
    {
        await retention.UpToDateAsync();
        return await database.QueryAsync<Run?>(
            "reading a run",
            () => [Of(One, database.Clock.Parameter(), Number(retention.Span.Microseconds()), Id(id))],
            async (reader, stop) => await reader.ReadAsync(stop) ? RunRow.Read(reader) : null,
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        StorageNames.Check(query);
        await retention.UpToDateAsync();
        return await database.QueryAsync(
            "listing runs",
            () =>
            [
                Of(
                    Many, database.Clock.Parameter(), Number(retention.Span.Microseconds()), Text(query.Function), Number((long?)query.State),
                    Id(query.Before), Number(query.Limit)),
            ],
            (reader, stop) => reader.ListAsync(RunRow.Read, stop),
            cancellationToken);
    }

    public async Task<Run?> WaitAsync(RunId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, database.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken, database.Closed);
        try
        {
            if (await GetAsync(id, either.Token) is null or { IsFinal: true })
                return await GetAsync(id, cancellationToken);
            using var waiter = await watch.BeginAsync([channels.RunEnded], id.ToString(), either.Token);
            while (true)
            {
                waiter.Reset();
                await MarkAwaitedAsync(id, either.Token);
                if (await GetAsync(id, either.Token) is var run && run is null or { IsFinal: true })
                    return run;
                await waiter.Signalled.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ObjectDisposedException.ThrowIf(database.Closed.IsCancellationRequested, typeof(IHostStorage));
            return await GetAsync(id, cancellationToken);
        }
    }

    public async ValueTask<IReadOnlyList<FunctionSummary>> SummarizeAsync(CancellationToken cancellationToken)
    {
        await retention.UpToDateAsync();
        var rows = await database.QueryAsync(
            "summarizing runs",
            () => [Of(Summary, database.Clock.Parameter(), Number(retention.Span.Microseconds()))],
            (reader, stop) => reader.ListAsync(FunctionStateRow.Read, stop),
            cancellationToken);
        return [.. rows.GroupBy(row => row.Function).Select(FunctionStateRow.Summarize)];
    }

    public async ValueTask RecordAsync(Run run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Queue is not null)
            throw new ArgumentException($"Run {run.Id} names queue {run.Queue}; a run that a queue carries is created by enqueuing.", nameof(run));
        // From now on the database knows that this process lives.
        if (!run.IsFinal)
            (await watch.BeginAsync([channels.RunEnded], "", cancellationToken)).Dispose();
        var carrier = await database.QueryAsync(
            "recording a run",
            () => [OfRecord(run)],
            async (reader, stop) => await reader.ReadAsync(stop) ? reader.TextOrNull(0) : null,
            cancellationToken);
        if (carrier is not null)
            throw new ArgumentException($"Run {run.Id} is carried by queue {carrier}; only its settlement changes it.", nameof(run));
        if (run.IsFinal)
            retention.Ended(1);
    }

    public async ValueTask ReportProgressAsync(RunId id, string progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var kept = progress.Length <= MaxProgressLength ? progress : progress[..MaxProgressLength];
        await database.QueryAsync(
            "noting progress", () => [Of(Progress, Id(id), Text(StoredText.Clean(kept)))], (_, _) => Task.FromResult(true), cancellationToken);
    }

    private Task<bool> MarkAwaitedAsync(RunId id, CancellationToken cancellationToken) => database.QueryAsync(
        "waiting for a run", () => [Of(Await, Id(id))], (_, _) => Task.FromResult(true), cancellationToken);

    private Npgsql.NpgsqlBatchCommand OfRecord(Run run) => Of(
        Record,
        Id(run.Id),
        Number((long)run.State),
        Number((long)run.Trigger),
        Time(run.CreatedAt),
        Time(run.StartedAt),
        Time(run.EndedAt ?? (run.IsFinal ? run.CreatedAt : null)),
        Text(StoredText.Clean(run.Function)),
        Text(StoredText.Clean(run.SequenceKey)),
        Text(StoredText.Clean(run.IdempotencyKey)),
        Text(run.TraceId is { } trace ? $"00-{trace}-0000000000000000-00" : null),
        Text(StoredText.Clean(run.Caller)),
        Text(StoredText.Clean(run.Error?.Type)),
        Text(StoredText.Clean(run.Error?.Message)),
        Text(StoredText.Clean(run.Progress)),
        Text(RunRow.Write(run.Attempts)),
        Text(StoredText.Clean(run.Result)),
        Id(run.SupersededBy),
        Number(orphans.Owner),
        Text(channels.RunEnded));
}
