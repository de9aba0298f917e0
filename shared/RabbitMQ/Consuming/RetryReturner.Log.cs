using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Consuming;

internal sealed partial class RetryReturner
{
    [LoggerMessage(4040, LogLevel.Error, "Retries of '{Function}' in RabbitMQ queue '{Queue}' have to wait: {Reason} Trying again")]
    private static partial void LogTrouble(ILogger logger, string function, string queue, string reason, Exception? exception);

    [LoggerMessage(4041, LogLevel.Error, "A retry of '{Function}' could not be brought from {Queue} to {Target} yet; trying again")]
    private static partial void LogNotReturned(ILogger logger, string function, string queue, string target, Exception exception);
}
