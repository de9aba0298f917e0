using Ebb.Storage.Postgres.Sql;
using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>The timers of a PostgreSQL store.</summary>
internal sealed class PostgresScheduleStore(PostgresDatabase database, EnqueueStatements enqueue) : IScheduleStore
{
    private const string Replace =
        """
        update schedules set schedule = $2, last = $3, next = $4, updated_at = $5
        where timer = $1 and next = $6 and ($7::text is null or schedule = $7) returning 1
        """;

    private const string Exists = "select 1 from messages where id = $1 union all select 1 from runs where id = $1";

    public async ValueTask<ScheduleState?> GetAsync(string timer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(timer);
        return await database.QueryAsync<ScheduleState?>(
            $"reading timer {timer}",
            () => [Of(ScheduleRow.One, Text(timer))],
            async (reader, stop) => await reader.ReadAsync(stop) ? ScheduleRow.Read(reader) : null,
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ScheduleState>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync("reading timers", () => [Of(ScheduleRow.All)], (reader, stop) => reader.ListAsync(ScheduleRow.Read, stop), cancellationToken);

    public async ValueTask<bool> TrySetAsync(ScheduleState state, ScheduleState? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Timer, nameof(state));
        StoredText.Check(state.Schedule, "The schedule");
        return await database.RunAsync(
            $"setting timer {state.Timer}",
            async (connection, repeated, stop) =>
                await AnyAsync(connection, expected is null ? Of(ScheduleRow.Add, Parameters(state)) : Of(Replace, [.. Parameters(state), Time(expected.Next), Text(expected.Schedule)]), stop)
                || (repeated && await AnyAsync(connection, Of("select 1 from schedules where timer = $1 and schedule = $2 and last is not distinct from $3 and next = $4 and updated_at = $5", Parameters(state)), stop)),
            cancellationToken);
    }

    public async ValueTask<RunId?> TryClaimAsync(ScheduleClaim claim, CancellationToken cancellationToken)
    {
        StorageNames.Check(claim);
        StoredText.Check(claim.Message);
        var id = RunId.New(database.Time);
        return await database.RunAsync<RunId?>(
            $"claiming an occurrence of timer {claim.Expected.Timer}",
            async (connection, repeated, stop) =>
                repeated && await AnyAsync(connection, Of(Exists, Id(id)), stop) ? id : await ClaimAsync(connection, claim, id, stop),
            cancellationToken);
    }

    private async Task<RunId?> ClaimAsync(NpgsqlConnection connection, ScheduleClaim claim, RunId id, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AnyAsync(connection, Of(Replace, [.. Parameters(claim.NewState), Time(claim.Expected.Next), Text(null)]), cancellationToken))
            return null;
        (RunId, EnqueueRequest)[] items = [(id, claim.Message)];
        var results = await PostgresDatabase.ExecuteAsync(
            connection, enqueue.Of(items), (reader, stop) => EnqueueResults.ReadAsync(reader, items, stop), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return results[0].RunId;
    }

    private static Task<bool> AnyAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken) =>
        PostgresDatabase.ExecuteAsync(connection, [command], (reader, stop) => reader.ReadAsync(stop), cancellationToken);

    private static NpgsqlParameter[] Parameters(ScheduleState state) =>
        [Text(state.Timer), Text(state.Schedule), Time(state.Last), Time(state.Next), Time(state.LastUpdated)];
}
