using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Decides who tells those who wait of new messages. After a quiet moment a message's own transaction does. For those that
/// follow within <see cref="Interval"/> one announcement of its own comes at the end of it: each wakes every process that waits,
/// and commits that notify come one after another.
/// </summary>
internal sealed partial class Announcements(PostgresDatabase database, Channels channels)
{
    /// <summary>How long a message may wait for its announcement.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // Nobody waits for this commit, and a server that crashes forgets those who listen anyway.
    private const string Announce = "select set_config('synchronous_commit', 'off', true), pg_notify($1, '')::text";

    private readonly ILogger _logger = database.Logger;
    private readonly ConcurrentDictionary<string, State> _queues = new(StringComparer.Ordinal);

    /// <summary>True: the caller's transaction announces what it accepts for this queue. False: it calls <see cref="Add"/> once it is committed.</summary>
    public bool IsDue(string queue)
    {
        var state = StateOf(queue);
        lock (state)
        {
            if (state.AnnouncedAt is { } at && TimeProvider.System.GetElapsedTime(at) < Interval)
                return false;
            state.AnnouncedAt = TimeProvider.System.GetTimestamp();
            return true;
        }
    }

    /// <summary>Announces what was committed without it, soon.</summary>
    public void Add(string queue)
    {
        var state = StateOf(queue);
        lock (state)
        {
            state.IsOwed = true;
            if (state.Announcing.IsCompleted)
                state.Announcing = Task.Run(() => AnnounceAsync(queue, state));
        }
    }

    /// <summary>Completes when nothing is left to announce.</summary>
    public Task DrainAsync() => Task.WhenAll(_queues.Values.Select(state =>
    {
        lock (state)
            return state.Announcing;
    }));

    private State StateOf(string queue) => _queues.GetOrAdd(queue, static _ => new());

    private async Task AnnounceAsync(string queue, State state)
    {
        while (Left(state) is { } pause)
        {
            await Task.Delay(pause, TimeProvider.System);
            lock (state)
                (state.IsOwed, state.AnnouncedAt) = (false, TimeProvider.System.GetTimestamp());
            try
            {
                await database.QueryAsync(
                    $"announcing messages of queue {queue}", () => [Of(Announce, Text(channels.Queue(queue)))], (reader, stop) => reader.ReadAsync(stop), CancellationToken.None);
            }
            catch (HostStorageException e)
            {
                // Who waits looks again when its own connection is back, and once a minute.
                LogNotAnnounced(queue, e);
            }
        }
    }

    /// <summary>How long until the next announcement; null: none is owed.</summary>
    private static TimeSpan? Left(State state)
    {
        lock (state)
        {
            if (!state.IsOwed)
            {
                // What is added from here on starts anew.
                state.Announcing = Task.CompletedTask;
                return null;
            }
            var left = state.AnnouncedAt is { } at ? Interval - TimeProvider.System.GetElapsedTime(at) : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private sealed class State
    {
        public long? AnnouncedAt { get; set; }

        public bool IsOwed { get; set; }

        public Task Announcing { get; set; } = Task.CompletedTask;
    }
}
