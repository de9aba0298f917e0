using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Consuming;

internal sealed partial class QueueConsumer
{
    [LoggerMessage(4020, LogLevel.Information, "Function '{Function}' takes messages of RabbitMQ queue '{Queue}', {Prefetch} at once")]
    private static partial void LogTaking(ILogger logger, string function, string queue, ushort prefetch);

    [LoggerMessage(4021, LogLevel.Warning,
        "Function '{Function}' lost RabbitMQ queue '{Queue}': {Reason} What runs goes on, but its message comes again; trying to take messages again")]
    private static partial void LogLost(ILogger logger, string function, string queue, string reason);

    [LoggerMessage(4022, LogLevel.Error, "Function '{Function}' cannot take messages of RabbitMQ queue '{Queue}': {Reason} Trying again")]
    private static partial void LogTrouble(ILogger logger, string function, string queue, string reason, Exception? exception);

    [LoggerMessage(4023, LogLevel.Warning, "Function '{Function}' could not tell RabbitMQ to stop sending from '{Queue}'; what is not handled comes again")]
    private static partial void LogNotCancelled(ILogger logger, string function, string queue, Exception exception);
}
