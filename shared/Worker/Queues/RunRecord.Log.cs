using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

internal sealed partial class RunRecord
{
    [LoggerMessage(340, LogLevel.Warning, "Run {RunId} of '{Function}' could not be recorded; its message is handled all the same")]
    private static partial void LogNotRecorded(ILogger logger, RunId runId, string function, Exception exception);
}
