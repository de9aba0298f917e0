using Ebb.Worker;

namespace Ebb.RabbitMq.Publishing;

/// <summary>Stands where no broker is configured: an output cannot be sent, and the attempt fails.</summary>
internal sealed class UnconfiguredSender : IOutputSender
{
    public Task SendAsync(OutputMessage message, CancellationToken cancellationToken) => throw new RabbitMQException(
        $"What '{message.Function}' returned cannot be sent to queue '{message.Queue}': no RabbitMQ is configured. Set RabbitMQ:Uri or RabbitMQ:Host.");
}
