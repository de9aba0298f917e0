using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

internal sealed partial class ProgressReporter
{
    [LoggerMessage(310, LogLevel.Warning, "The progress of run {RunId} could not be written; the run goes on")]
    private static partial void LogNotWritten(ILogger logger, RunId runId, Exception exception);
}
