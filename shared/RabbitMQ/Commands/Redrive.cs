using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Messages;
using Ebb.RabbitMq.Topology;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Ebb.RabbitMq.Commands;

/// <summary>Puts the messages of a poison queue back into their queue, each as a new run with no attempt made.</summary>
internal static class Redrive
{
    /// <summary>Moves what the poison queue holds now; each message is confirmed there before it is acknowledged here.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="RabbitMQException">The broker cannot be used or there is no such queue. What was moved before stays moved.</exception>
    public static async Task<int> RunAsync(RabbitMQOptions options, string queue, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var broker = new Broker(options, time, loggers);
        var connection = await broker.Taking.GetAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var poison = QueueTopology.PoisonOf(queue);
        try
        {
            // Counted first: what fails again while this goes on is not moved a second time.
            var waiting = (await channel.QueueDeclarePassiveAsync(poison, cancellationToken)).MessageCount;
            var moved = 0;
            while (moved < waiting && await channel.BasicGetAsync(poison, autoAck: false, cancellationToken) is { } message)
            {
                await broker.Publisher.SendAsync(queue, Republished.ForRedrive(message.BasicProperties, broker.OwnUsers, time), message.Body, cancellationToken);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                moved++;
            }

            return moved;
        }
        catch (OperationInterruptedException e) when (QueueTopology.IsMissing(e))
        {
            throw new RabbitMQException($"There is no queue '{poison}' on {options.Address}; nothing of '{queue}' was ever poisoned there, or its name is another.", e);
        }
    }
}
