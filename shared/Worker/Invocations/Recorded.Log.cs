using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

internal static partial class Recorded
{
    [LoggerMessage(120, LogLevel.Error, "Run {RunId} of '{Function}' ended but could not be recorded in time; GET /api/runs may not show it")]
    private static partial void LogNotRecorded(ILogger logger, RunId runId, string function, Exception exception);
}
