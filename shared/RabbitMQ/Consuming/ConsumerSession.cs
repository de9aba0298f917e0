using Ebb.RabbitMq.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ebb.RabbitMq.Consuming;

/// <summary>
/// One channel with one consumer, from its opening to its loss. Delivery tags belong to it: what it delivered is settled on it or
/// not at all.
/// </summary>
internal sealed class ConsumerSession : AsyncDefaultBasicConsumer, IAsyncDisposable
{
    private readonly string _queue;
    private readonly OwnUsers _own;
    private readonly TimeProvider _time;
    private readonly Func<Delivery, ConsumerSession, Task> _handle;
    private readonly CancellationTokenSource _lost = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Delivery> _held = [];
    private string? _consumerTag;
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopped;

    private ConsumerSession(IChannel channel, string queue, OwnUsers own, TimeProvider time, Func<Delivery, ConsumerSession, Task> handle)
        : base(channel)
    {
        (_queue, _own, _time, _handle) = (queue, own, time, handle);
        Acknowledger = new(channel, error => End(error.Message));
        channel.ChannelShutdownAsync += OnShutdownAsync;
    }

    public Acknowledger Acknowledger { get; }

    /// <summary>Cancelled when the channel is gone or the broker took the consumer away.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Completes with the reason when the session can deliver no more.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Begins to take messages on a channel that is the session's own from now on.</summary>
    public static async Task<ConsumerSession> OpenAsync(
        IChannel channel, string queue, ushort prefetch, OwnUsers own, TimeProvider time, Func<Delivery, ConsumerSession, Task> handle, CancellationToken cancellationToken)
    {
        var session = new ConsumerSession(channel, queue, own, time, handle);
        try
        {
            await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
            session._consumerTag = await channel.BasicConsumeAsync(queue, autoAck: false, session, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        Acknowledger.Delivered(deliveryTag);
        var delivery = Delivery.Read(_queue, deliveryTag, redelivered, exchange, routingKey, properties, body, _own, _time);
        if (!Hold(delivery))
        {
            // Not awaited: the next delivery is read meanwhile. The handler never throws and is waited for by its consumer.
            _ = _handle(delivery, this);
        }

        return Task.CompletedTask;
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        End("the broker took the consumer away, as it does when the queue is deleted");
        return Task.CompletedTask;
    }

    public override async Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        await base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
        _cancelled.TrySetResult();
    }

    /// <summary>Takes no more.</summary>
    /// <returns>What still came, to be handed back.</returns>
    public async Task<IReadOnlyList<Delivery>> StopTakingAsync(CancellationToken cancellationToken)
    {
        lock (_held)
        {
            _isStopped = true;
        }

        if (Channel.IsOpen && _consumerTag is { } tag)
        {
            await Channel.BasicCancelAsync(tag, noWait: false, cancellationToken);

            // The client hands out what it has read already, and after that the answer.
            await _cancelled.Task.WaitAsync(cancellationToken);
        }

        lock (_held)
        {
            return [.. _held];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Acknowledger.FlushAsync();
        Channel.ChannelShutdownAsync -= OnShutdownAsync;
        End("it was closed");
        await Channel.DisposeAsync();
    }

    // Handed back before the broker has forgotten the consumer, a delivery would only come here again.
    private bool Hold(Delivery delivery)
    {
        lock (_held)
        {
            if (_isStopped)
            {
                _held.Add(delivery);
            }

            return _isStopped;
        }
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        End(reason.ReplyText);
        return Task.CompletedTask;
    }

    private void End(string reason)
    {
        if (_ended.TrySetResult(reason))
        {
            _lost.Cancel();
        }
    }
}
