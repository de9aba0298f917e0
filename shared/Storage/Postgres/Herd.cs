using System.Collections.Concurrent;
using System.Security.Cryptography;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Spreads those who are woken by the same message. Who took little after its last wake looks a random time later, up to a bound
/// that grows with the number of processes, so that the first comes after some milliseconds however many there are. So few
/// processes take many messages each, and the others join when those cannot keep up.
/// </summary>
internal sealed class Herd(PostgresDatabase database, Channels channels)
{
    private const string Processes =
        """
        select count(*) from pg_locks l
        where l.locktype = 'advisory' and l.objsubid = 2 and l.classid::bigint = $1
          and l.database = (select d.oid from pg_database d where d.datname = current_database())
        """;

    private static readonly TimeSpan Share = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CountFor = TimeSpan.FromMinutes(1);

    // True: the last wake was hardly worth it.
    private readonly ConcurrentDictionary<string, bool> _woken = new(StringComparer.Ordinal);
    private long? _countedAt;
    private long _others;

    /// <summary>Notes that somebody is told of work in these queues and will try to take it.</summary>
    public void Woke(IEnumerable<string> queues)
    {
        foreach (var queue in queues)
            _woken.TryAdd(queue, false);
    }

    /// <summary>Notes how many messages were taken from the queue, of how many that were asked for.</summary>
    public void Took(string queue, int count, int asked)
    {
        if (count * 2 >= asked)
            _woken.TryRemove(queue, out _);
        else
            _woken.TryUpdate(queue, true, false);
    }

    /// <summary>How long to wait before looking. Zero: take at once.</summary>
    public async Task<TimeSpan> PauseAsync(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        if (!queues.All(queue => _woken.TryGetValue(queue, out var little) && little))
            return TimeSpan.Zero;
        if (_countedAt is not { } at || TimeProvider.System.GetElapsedTime(at) >= CountFor)
        {
            _others = await CountAsync(cancellationToken) - 1;
            _countedAt = TimeProvider.System.GetTimestamp();
        }
        return _others <= 0 ? TimeSpan.Zero : Share * _others * (RandomNumberGenerator.GetInt32(1, 1001) / 1000.0);
    }

    private Task<long> CountAsync(CancellationToken cancellationToken) => database.QueryAsync(
        "counting processes",
        () => [Of(Processes, Number(channels.Owners))],
        async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0,
        cancellationToken);
}
