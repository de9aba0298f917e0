using System.Security.Cryptography;
using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Ends the runs that no queue carries of processes that died. Each process holds a lock on the connection it listens on, named
/// by its owner number, so that the database itself knows who is alive. RabbitMQ delivers its messages again, and with them their
/// runs go on.
/// </summary>
internal sealed class Orphans(PostgresDatabase database, Channels channels)
{
    /// <summary>How long a process may be without its connection before it counts as dead.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly string Lost = $"ended_at is null and trigger <> {(int)TriggerKind.RabbitMQ}";

    private static readonly string Find =
        $"""
        select distinct r.owner from runs r
        where {Lost} and r.owner is not null and not exists (
            select 1 from pg_locks l
            where l.locktype = 'advisory' and l.objsubid = 2 and l.classid::bigint = $1 and l.objid::bigint = r.owner
              and l.database = (select d.oid from pg_database d where d.datname = current_database()))
        """;

    private static readonly string End =
        $"""
        with ended as (
            update runs set state = 3, ended_at = {Sql.Rows.Now}, error_type = $3, error_message = $4
            where {Lost} and owner = any($2) returning id, awaited)
        select pg_notify($5, id::text)::text from ended where awaited
        """;

    private readonly Dictionary<long, long> _missing = [];

    /// <summary>Names this process among those that record runs.</summary>
    public int Owner { get; } = RandomNumberGenerator.GetInt32(1, int.MaxValue);

    /// <summary>What a process says on its connection.</summary>
    public string Lock => $"select pg_advisory_lock_shared({channels.Owners}, {Owner})";

    /// <summary>Ends the runs of those who have been away for the whole grace. True: somebody is away.</summary>
    public async Task<bool> EndAsync()
    {
        var away = await database.QueryAsync(
            "looking for runs of dead processes", () => [Of(Find, Number(channels.Owners))], (reader, stop) => reader.ListAsync(row => row.GetInt64(0), stop), database.Closed);
        foreach (var back in _missing.Keys.Except(away).ToList())
            _missing.Remove(back);
        foreach (var owner in away)
            _missing.TryAdd(owner, database.Time.GetTimestamp());
        var dead = _missing.Where(owner => database.Time.GetElapsedTime(owner.Value) >= Grace).Select(owner => owner.Key).ToList();
        if (dead.Count > 0)
            await EndAsync(dead);
        return away.Count > dead.Count;
    }

    /// <summary>Ends the runs of these processes.</summary>
    public Task<bool> EndAsync(IReadOnlyCollection<long> owners) => database.QueryAsync(
        "ending runs of dead processes",
        () =>
        [
            Of(
                End, database.Clock.Parameter(), Numbers(owners), Text(RunErrors.HostStopped.Type), Text(RunErrors.HostStopped.Message),
                Text(channels.RunEnded)),
        ],
        (_, _) => Task.FromResult(true),
        database.Closed);
}
