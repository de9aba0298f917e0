using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Connections;

internal sealed partial class BrokerConnection
{
    [LoggerMessage(4010, LogLevel.Information, "Connected to RabbitMQ at {Address} for {Purpose}")]
    private static partial void LogConnected(ILogger logger, string address, string purpose);

    [LoggerMessage(4011, LogLevel.Warning, "RabbitMQ takes no messages for now: {Reason} What is to be retried or sent waits")]
    private static partial void LogBlocked(ILogger logger, string reason);
}
