using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

internal sealed partial class LeaseKeeper
{
    [LoggerMessage(300, LogLevel.Warning,
        "The lease of run {RunId} of queue '{Queue}' cannot be kept: the run is cancelled here and goes on from the queue")]
    private static partial void LogLost(ILogger logger, RunId runId, string queue);

    [LoggerMessage(301, LogLevel.Warning, "The lease of run {RunId} could not be renewed; trying again until shortly before it lapses")]
    private static partial void LogNotRenewed(ILogger logger, RunId runId, Exception exception);
}
