using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Topology;
using Ebb.Worker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Publishing;

/// <summary>Sends messages to queues and knows of each that a majority of the queue's replicas has it (publisher confirms).</summary>
internal sealed class BrokerPublisher(BrokerConnection connection, RabbitMQOptions options, TimeProvider time) : IAsyncDisposable
{
    private const string DefaultExchange = "";

    private static readonly TimeSpan ConfirmTime = TimeSpan.FromSeconds(30);
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private IChannel? _channel;
    private uint _frameMax;
    private string? _user;

    /// <summary>Sends to a trigger's own queue or one of those beside it.</summary>
    /// <exception cref="RabbitMQException">It is not there, or nobody knows.</exception>
    public async Task SendAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConfirmTime);
        try
        {
            var channel = await ChannelAsync(limit.Token);
            properties.UserId = Volatile.Read(ref _user);
            FrameFit.Apply(properties, Volatile.Read(ref _frameMax));
            await channel.BasicPublishAsync(DefaultExchange, queue, mandatory: true, properties, body, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RabbitMQException($"RabbitMQ did not confirm a message to queue '{queue}' within {ConfirmTime}. Look at the broker's alarms and the queue's majority.", e);
        }
        catch (PublishException e)
        {
            Forget(queue);
            throw new RabbitMQException(e.IsReturn
                ? $"There is no queue '{queue}' on {options.Address} to take the message."
                : $"Queue '{queue}' on {options.Address} refused the message; look at its length limit and its majority.", e);
        }
        catch (Exception e) when (e is OperationInterruptedException or IOException or ObjectDisposedException)
        {
            throw new RabbitMQException($"The connection to {options.Address} was lost before queue '{queue}' confirmed a message: {Sentence.Of(e.Message)}", e);
        }
    }

    /// <summary>Sends to a queue that nobody may have declared yet: its function may never have run.</summary>
    /// <exception cref="RabbitMQException">It is not there, or nobody knows.</exception>
    public async Task OutputAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(queue, cancellationToken))
        {
            await DeclareOnceAsync(queue, channel => QueueTopology.DeclareAsync(channel, queue, options, cancellationToken), cancellationToken);
        }

        await SendAsync(queue, properties, body, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
        {
            await channel.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async ValueTask<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _channel) is { IsOpen: true } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_channel is not { IsOpen: true })
            {
                var old = _channel;
                var current = await connection.GetAsync(cancellationToken);
                Volatile.Write(ref _frameMax, current.FrameMax);
                Volatile.Write(ref _user, connection.User);
                Volatile.Write(ref _channel, await current.CreateChannelAsync(Confirmed, cancellationToken));
                await (old?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            return _channel!;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> ExistsAsync(string queue, CancellationToken cancellationToken)
    {
        if (IsDeclared(queue))
        {
            return true;
        }

        try
        {
            await OnOwnChannelAsync(channel => channel.QueueDeclarePassiveAsync(queue, cancellationToken), cancellationToken);
            Remember(queue);
            return true;
        }
        catch (OperationInterruptedException e) when (QueueTopology.IsMissing(e))
        {
            return false;
        }
    }

    private async Task DeclareOnceAsync(string queue, Func<IChannel, Task> declare, CancellationToken cancellationToken)
    {
        if (!IsDeclared(queue))
        {
            await OnOwnChannelAsync(declare, cancellationToken);
            Remember(queue);
        }
    }

    // A declaration that fails closes its channel, and with it whatever else waits there.
    private async Task OnOwnChannelAsync(Func<IChannel, Task> use, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, ConfirmTime, Timeout.InfiniteTimeSpan);
        await using var channel = await (await connection.GetAsync(limit.Token)).CreateChannelAsync(cancellationToken: limit.Token);
        await use(channel);
    }

    private bool IsDeclared(string queue)
    {
        lock (_declared)
        {
            return _declared.Contains(queue);
        }
    }

    private void Remember(string queue)
    {
        lock (_declared)
        {
            _declared.Add(queue);
        }
    }

    private void Forget(string queue)
    {
        lock (_declared)
        {
            _declared.Remove(queue);
        }
    }
}
