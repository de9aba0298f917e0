using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Topology;
using Ebb.Worker;

namespace Ebb.RabbitMq.Consuming;

/// <summary>Takes one function's messages, through however many connections that needs.</summary>
internal sealed partial class QueueConsumer(TriggeredFunction function, TriggerHost host, Broker broker)
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly MessageHandler _handler = new(function, host, broker);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The consumer itself counts as one until it stops.
    private int _underWay = 1;
    private int _stopping;

    private ushort Prefetch => function.OneAtATime ? (ushort)1 : (ushort)host.Options.RabbitMQPrefetchCount;

    /// <summary>Takes messages until the host drains, then completes when the last of them is settled. Never throws.</summary>
    public async Task RunAsync()
    {
        var backOff = new BackOff(host.Time);
        while (!host.Taking.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(backOff);
            }
            catch (OperationCanceledException) when (host.Taking.IsCancellationRequested)
            {
                break;
            }
            catch (RabbitMQException e)
            {
                LogTrouble(broker.Logger, function.Name, function.Queue, Sentence.Of(e.Message), null);
            }
            catch (Exception e)
            {
                LogTrouble(broker.Logger, function.Name, function.Queue, Sentence.Of(e.Message), e);
            }

            await backOff.PauseAsync(host.Taking);
        }

        await LastAsync();
    }

    private async Task TakeAsync(BackOff backOff)
    {
        await using var session = await OpenAsync();
        backOff.Reset();
        LogTaking(broker.Logger, function.Name, function.Queue, Prefetch);
        await ((Task)session.Ended).WaitAsync(host.Taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (session.Ended.IsCompleted)
        {
            LogLost(broker.Logger, function.Name, function.Queue, Sentence.Of(await session.Ended));
            return;
        }

        await StopAsync(session);
        await LastAsync();
    }

    private async Task<ConsumerSession> OpenAsync()
    {
        var connection = await broker.Taking.GetAsync(host.Taking);
        var channel = await connection.CreateChannelAsync(cancellationToken: host.Taking);
        try
        {
            await QueueTopology.DeclareAsync(channel, function.Queue, broker.Options, host.Taking);
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }

        return await ConsumerSession.OpenAsync(
            channel, function.Queue, Prefetch, broker.OwnUsers, host.Time, HandleAsync, host.Taking);
    }

    private async Task HandleAsync(Delivery delivery, ConsumerSession session)
    {
        Interlocked.Increment(ref _underWay);
        await _handler.HandleAsync(delivery, session.Acknowledger, session.Lost);
        Ended();
    }

    private async Task StopAsync(ConsumerSession session)
    {
        using var limit = new CancellationTokenSource(StopTime, host.Time);
        try
        {
            var held = await session.StopTakingAsync(limit.Token);
            await Task.WhenAll(held.Select(delivery => _handler.HandBackAsync(delivery, session.Acknowledger, session.Lost)));
        }
        catch (Exception e)
        {
            LogNotCancelled(broker.Logger, function.Name, function.Queue, e);
        }
    }

    private Task LastAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            Ended();
        }

        return _idle.Task;
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
