using Ebb.RabbitMq.Configuration;
using Ebb.Worker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Topology;

/// <summary>
/// The queues of one trigger: <c>&lt;queue&gt;</c>, <c>&lt;queue&gt;-poison</c> and <c>&lt;queue&gt;-retry</c>, all of them quorum queues. What a broker itself gives up (delivery limit, a sender's own expiration) is dead-lettered into the poison queue
/// through the default exchange, at least once (RabbitMQ 3.10, Quorum Queues, At-Least-Once Dead Lettering).
/// </summary>
internal static class QueueTopology
{
    private const string DefaultExchange = "";

    // The net under the listener, which poisons sooner and with a reason: what kills even the listener ends here.
    private const int DeliveryLimit = 100;

    // Looking at a poisoned message and putting it back must not use it up. RabbitMQ 4.0 has 20 unless told otherwise, 3.10 knows no -1.
    private const int EndlessDeliveryLimit = 1_000_000_000;

    private const ushort PreconditionFailed = 406;
    private const ushort NotFound = 404;

    public static string PoisonOf(string queue) => $"{queue}-poison";

    /// <summary>Where messages wait for their next attempt.</summary>
    public static string RetryOf(string queue) => $"{queue}-retry";

    /// <summary>Declares the queue and those beside it. The channel is closed by the broker when that fails.</summary>
    /// <exception cref="RabbitMQException">A queue exists and is another.</exception>
    public static async Task DeclareAsync(IChannel channel, string queue, RabbitMQOptions options, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, PoisonOf(queue), Quorum(EndlessDeliveryLimit), options, cancellationToken);
        await DeclareRetryAsync(channel, queue, options, cancellationToken);
        var arguments = Quorum(DeliveryLimit);
        DeadLetterTo(arguments, PoisonOf(queue));
        await DeclareAsync(channel, queue, arguments, options, cancellationToken);
    }

    /// <summary>Declares the queue of waiting retries. It has no time to live and no dead-letter exchange: a worker brings back what is due.</summary>
    /// <exception cref="RabbitMQException">It exists and is another.</exception>
    public static Task DeclareRetryAsync(IChannel channel, string queue, RabbitMQOptions options, CancellationToken cancellationToken) =>
        DeclareAsync(channel, RetryOf(queue), Quorum(EndlessDeliveryLimit), options, cancellationToken);

    public static bool IsMissing(OperationInterruptedException e) => e.ShutdownReason?.ReplyCode == NotFound;

    private static async Task DeclareAsync(
        IChannel channel, string queue, Dictionary<string, object?> arguments, RabbitMQOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await (options.IsPassive(queue)
                ? channel.QueueDeclarePassiveAsync(queue, cancellationToken)
                : channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken));
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            throw new RabbitMQException(
                $"Queue '{queue}' exists on {options.Address} and was declared differently by its owner: {Sentence.Of(e.ShutdownReason.ReplyText)} " +
                $"Add '{queue}' to RabbitMQ:PassiveQueues to use it as it is, or empty and delete it so that it is declared anew as {Shown(arguments)}.", e);
        }
        catch (OperationInterruptedException e) when (IsMissing(e))
        {
            throw new RabbitMQException(
                $"Queue '{queue}' does not exist on {options.Address}, and RabbitMQ:PassiveQueues says that its owner declares it. Let the owner " +
                $"declare it, or take it out of RabbitMQ:PassiveQueues so that it is declared here.", e);
        }
    }

    private static Dictionary<string, object?> Quorum(int deliveryLimit) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = deliveryLimit,
    };

    private static void DeadLetterTo(Dictionary<string, object?> arguments, string queue)
    {
        arguments["x-dead-letter-exchange"] = DefaultExchange;
        arguments["x-dead-letter-routing-key"] = queue;
        arguments["x-dead-letter-strategy"] = "at-least-once";

        // At-least-once dead lettering asks for it.
        arguments["x-overflow"] = "reject-publish";
    }

    private static string Shown(Dictionary<string, object?> arguments) =>
        $"durable, {string.Join(", ", arguments.Select(argument => $"{argument.Key}='{argument.Value}'"))}";
}
