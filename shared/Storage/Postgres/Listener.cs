using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>
/// The one connection on which a process hears of what changes. It is opened when somebody first waits. What was said while it
/// was away is lost, so everybody is told to look again once it is back.
/// </summary>
internal sealed partial class Listener(PostgresDatabase database, Action<string, string> heard, Action lookAgain) : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource> _channels = [];
    private readonly ConcurrentQueue<string> _wanted = new();
    private readonly ILogger _logger = database.Logger;
    private CancellationTokenSource _interrupt = new();
    private Task? _listening;

    /// <summary>Completes when what is said on the channel is heard from now on.</summary>
    public Task ListenAsync(string channel, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_channels.TryGetValue(channel, out var ready))
            {
                _channels[channel] = ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _wanted.Enqueue(channel);
                _listening ??= Task.Run(RunAsync, CancellationToken.None);
                _interrupt.Cancel();
            }
            return ready.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_listening is { } listening)
            await listening;
        _interrupt.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (!database.Closed.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.ConnectAsync(database.Closed);
                connection.Notification += (_, message) => heard(message.Channel, message.Payload);
                await ListenToAllAsync(connection);
                pause = TimeSpan.FromMilliseconds(50);
                await HearAsync(connection);
            }
            catch (OperationCanceledException) when (database.Closed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresErrors.IsExpected(e))
            {
                LogLost(e);
                await Task.Delay(pause, TimeProvider.System, database.Closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task ListenToAllAsync(NpgsqlConnection connection)
    {
        List<string> channels;
        lock (_lock)
        {
            _wanted.Clear();
            channels = [.. _channels.Keys];
        }
        await ListenToAsync(connection, channels);
        lookAgain();
    }

    private async Task HearAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            CancellationTokenSource interrupt;
            lock (_lock)
            {
                if (_interrupt.IsCancellationRequested)
                    _interrupt = new();
                interrupt = _interrupt;
            }
            var added = new List<string>();
            while (_wanted.TryDequeue(out var channel))
                added.Add(channel);
            await ListenToAsync(connection, added);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupt.Token, database.Closed);
            try
            {
                await connection.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!database.Closed.IsCancellationRequested)
            {
                // Somebody wants another channel.
            }
        }
    }

    private async Task ListenToAsync(NpgsqlConnection connection, List<string> channels)
    {
        if (channels.Count == 0)
            return;
        await using var command = new NpgsqlCommand(string.Concat(channels.Select(channel => $"listen {channel};")), connection);
        await command.ExecuteNonQueryAsync(database.Closed);
        lock (_lock)
        {
            foreach (var channel in channels)
                _channels[channel].TrySetResult();
        }
    }
}
