using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

internal sealed partial class QueueListener
{
    [LoggerMessage(330, LogLevel.Error, "Function '{Function}' cannot take messages of queue '{Queue}'; trying again")]
    private static partial void LogTrouble(ILogger logger, string function, string queue, Exception exception);
}
