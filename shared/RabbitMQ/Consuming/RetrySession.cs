using Ebb.RabbitMq.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ebb.RabbitMq.Consuming;

/// <summary>
/// One channel that holds waiting retries without acknowledging them. A message that is not due is only remembered by its tag and, when
/// it is due, given back to the broker, which delivers it again at once; then it is sent on, and acknowledged after that is confirmed.
/// </summary>
internal sealed class RetrySession : AsyncDefaultBasicConsumer, IAsyncDisposable
{
    // RabbitMQ closes the channel of a consumer that holds a message for longer than consumer_timeout, 30 minutes by default.
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyBasicProperties, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> _send;
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The session itself counts as one until it stops.
    private int _underWay = 1;
    private int _stopped;

    private RetrySession(
        IChannel channel, TimeProvider time, Func<IReadOnlyBasicProperties, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> send)
        : base(channel)
    {
        (_time, _send) = (time, send);
        channel.ChannelShutdownAsync += OnShutdownAsync;
    }

    /// <summary>Completes when the session can deliver no more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins on a channel that is the session's own from now on. What <paramref name="send"/> returns false for is tried again.</summary>
    public static async Task<RetrySession> OpenAsync(
        IChannel channel, string queue, ushort held, TimeProvider time,
        Func<IReadOnlyBasicProperties, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> send, CancellationToken cancellationToken)
    {
        var session = new RetrySession(channel, time, send);
        try
        {
            await channel.BasicQosAsync(0, held, global: false, cancellationToken);
            await channel.BasicConsumeAsync(queue, autoAck: false, session, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            if (Volatile.Read(ref _stopped) == 0)
            {
                await HandleAsync(deliveryTag, properties, body);
            }
        }
        catch (Exception)
        {
            // The channel is gone and its tags with it; the broker delivers those messages again.
            End();
        }
        finally
        {
            Leave();
        }
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        End();
        return Task.CompletedTask;
    }

    /// <summary>Waits for what is being sent, so that it is not sent twice. The rest goes back when the channel closes.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            Leave();
        }

        using var limit = new CancellationTokenSource(StopTime, _time);
        await _idle.Task.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.ChannelShutdownAsync -= OnShutdownAsync;
        End();
        await Channel.DisposeAsync();
    }

    private async Task HandleAsync(ulong tag, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var due = properties.Headers.Number(HeaderNames.DueAt) - _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (due > 0)
        {
            _ = ReturnAsync(tag, TimeSpan.FromMilliseconds(Math.Min(due, LongestHold.TotalMilliseconds)));
        }
        else if (await _send(properties, body, _lost.Token))
        {
            await Channel.BasicAckAsync(tag, multiple: false);
        }
        else
        {
            _ = ReturnAsync(tag, AfterFailure);
        }
    }

    private async Task ReturnAsync(ulong tag, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _time, _lost.Token);
            await Channel.BasicNackAsync(tag, multiple: false, requeue: true);
        }
        catch (Exception)
        {
            End();
        }
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        End();
        return Task.CompletedTask;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _idle.TrySetResult();
        }
    }

    private void End()
    {
        if (_ended.TrySetResult())
        {
            _lost.Cancel();
        }
    }
}
