using System.Collections.Concurrent;
using System.Globalization;

namespace Ebb.Storage.Postgres;

/// <summary>Who waits in this process, by channel; one listening connection serves them all.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Waiter, bool>> _channels = new(StringComparer.Ordinal);
    private readonly Listener _listener;

    public Watch(PostgresDatabase database) => _listener = new(database, Hear, LookAgain);

    /// <summary>Registers a waiter and completes when it hears everything that is said from now on.</summary>
    public async Task<Waiter> BeginAsync(IReadOnlyCollection<string> channels, string? payload, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(this, channels, payload);
        foreach (var channel in channels)
            _channels.GetOrAdd(channel, _ => new()).TryAdd(waiter, true);
        try
        {
            foreach (var channel in channels)
                await _listener.ListenAsync(channel, cancellationToken);
            return waiter;
        }
        catch
        {
            waiter.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private void Hear(string channel, string payload)
    {
        if (!_channels.TryGetValue(channel, out var waiters))
            return;
        foreach (var waiter in waiters.Keys)
            waiter.Hear(payload);
    }

    private void LookAgain()
    {
        foreach (var waiter in _channels.Values.SelectMany(waiters => waiters.Keys))
            waiter.Signal(null);
    }

    /// <summary>One who waits. What it heard since it looked last is kept until it asks.</summary>
    internal sealed class Waiter(Watch watch, IReadOnlyCollection<string> channels, string? payload) : IDisposable
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource<TimeSpan?> _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the time after which there is something, or with null: look again.</summary>
        public Task<TimeSpan?> Signalled
        {
            get
            {
                lock (_lock)
                    return _signal.Task;
            }
        }

        /// <summary>Forgets what was heard; called before looking.</summary>
        public void Reset()
        {
            lock (_lock)
            {
                if (_signal.Task.IsCompleted)
                    _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Hear(string text)
        {
            if (payload is not null)
            {
                if (text == payload)
                    Signal(TimeSpan.Zero);
                return;
            }
            Signal(text.Length == 0
                ? TimeSpan.Zero
                : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var delay) ? TimeSpan.FromMicroseconds(delay) : null);
        }

        public void Signal(TimeSpan? after)
        {
            lock (_lock)
            {
                // The sooner of two is what counts: work that is there now, then looking again, then what comes later.
                if (!_signal.TrySetResult(after) && _signal.Task is { IsCompletedSuccessfully: true } heard && Rank(after) < Rank(heard.GetAwaiter().GetResult()))
                {
                    _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _signal.SetResult(after);
                }
            }
        }

        public void Dispose()
        {
            foreach (var channel in channels)
            {
                if (watch._channels.TryGetValue(channel, out var waiters))
                    waiters.TryRemove(this, out _);
            }
        }

        private static TimeSpan Rank(TimeSpan? after) => after switch
        {
            null => TimeSpan.FromTicks(1),
            { } time when time == TimeSpan.Zero => TimeSpan.Zero,
            { } time => time + TimeSpan.FromTicks(2),
        };
    }
}
