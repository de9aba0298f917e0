using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq.Consuming;

internal sealed partial class MessageHandler
{
    [LoggerMessage(4030, LogLevel.Error, "Run {RunId} of '{Function}' could not be sent to {Target} yet; trying again")]
    private static partial void LogNotSent(ILogger logger, RunId runId, string function, string target, Exception exception);

    [LoggerMessage(4031, LogLevel.Error, "Run {RunId} of '{Function}' met a fault of the runtime; its message is handed back and comes again")]
    private static partial void LogUnexpected(ILogger logger, RunId runId, string function, Exception exception);
}
