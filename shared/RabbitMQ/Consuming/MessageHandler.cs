using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Topology;
using Ebb.Storage;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Consuming;

/// <summary>
/// Handles one delivery: calls the function, and settles the message. A message that goes elsewhere is acknowledged only after the
/// broker confirmed it there: a crash in between makes it come twice, never not at all.
/// </summary>
internal sealed partial class MessageHandler(TriggeredFunction function, TriggerHost host, Broker broker)
{
    // Within what a host that stops still waits for.
    private static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(3);

    /// <summary>Handles the delivery to its settlement, or until its channel is lost. Never throws.</summary>
    public async Task HandleAsync(Delivery delivery, Acknowledger acknowledger, CancellationToken lost)
    {
        try
        {
            var settlement = delivery.Unfit is { } unfit
                ? await function.RefuseAsync(delivery.Message, unfit)
                : await function.RunAsync(delivery.Message, delivery.IsIdentified);
            Settle(delivery, acknowledger, await MoveAsync(delivery, settlement, lost));
        }
        catch (Exception e)
        {
            LogUnexpected(broker.Logger, delivery.Message.RunId, function.Name, e);
            acknowledger.Return(delivery.Tag);
        }
    }

    /// <summary>
    /// Gives a message back that was not handled. A quorum queue counts each return and would take it for an attempt, so the message
    /// is sent again as it was; only when the broker does not confirm that in time is it returned.
    /// </summary>
    public async Task HandBackAsync(Delivery delivery, Acknowledger acknowledger, CancellationToken lost) =>
        Settle(delivery, acknowledger, await HandBackAsync(delivery, lost));

    private static void Settle(Delivery delivery, Acknowledger acknowledger, bool isElsewhere)
    {
        if (isElsewhere)
        {
            acknowledger.Acknowledge(delivery.Tag);
        }
        else
        {
            acknowledger.Return(delivery.Tag);
        }
    }

    /// <summary>True when the message may be acknowledged; false when it has to come again.</summary>
    private async ValueTask<bool> MoveAsync(Delivery delivery, Settlement settlement, CancellationToken lost)
    {
        switch (settlement)
        {
            case Settlement.Retried retried:
                var retry = Republished.ForRetry(delivery, broker.OwnUsers, host.Time.GetUtcNow() + retried.Delay);
                return await SendAsync(delivery, retried.Delay > TimeSpan.Zero ? QueueTopology.RetryOf(function.Queue) : function.Queue, retry, lost, host.GraceOver);
            case Settlement.Poisoned poisoned:
                var poison = Republished.ForPoison(delivery, broker.OwnUsers, function.Name, poisoned.Error, host.Time.GetUtcNow());
                return await SendAsync(delivery, QueueTopology.PoisonOf(function.Queue), poison, lost, host.GraceOver);
            case Settlement.Released:
                return await HandBackAsync(delivery, lost);
            default:
                return true;
        }
    }

    private async ValueTask<bool> HandBackAsync(Delivery delivery, CancellationToken lost)
    {
        using var over = new CancellationTokenSource(HandBackTime, host.Time);
        return await SendAsync(delivery, function.Queue, Republished.ForHandBack(delivery, broker.OwnUsers), lost, over.Token);
    }

    private async ValueTask<bool> SendAsync(Delivery delivery, string target, BasicProperties properties, CancellationToken lost, CancellationToken over)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(lost, over);
        var backOff = new BackOff(host.Time);
        while (!giveUp.IsCancellationRequested)
        {
            try
            {
                await broker.Publisher.SendAsync(target, properties, delivery.Body, giveUp.Token);
                return true;
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e)
            {
                LogNotSent(broker.Logger, delivery.Message.RunId, function.Name, target, e);
                await backOff.PauseAsync(giveUp.Token);
            }
        }

        return false;
    }
}
