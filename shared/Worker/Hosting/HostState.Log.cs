using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

internal sealed partial class HostState
{
    [LoggerMessage(200, LogLevel.Critical,
        "Function '{Function}' goes on after its time limit was over and its CancellationToken cancelled. The process ends, so that " +
        "its capacity comes back; the run is tried again. Pass context.CancellationToken to everything the function awaits")]
    private static partial void LogRecycling(ILogger logger, string function);

    [LoggerMessage(201, LogLevel.Critical,
        "Function '{Function}' goes on with run {RunId} although its lease lapses and its CancellationToken is cancelled. The process ends at " +
        "once: the next run of the sequence '{SequenceKey}' may begin elsewhere, and the two must not meet. See why the store did not renew " +
        "the lease, and pass context.CancellationToken to everything the function awaits")]
    private static partial void LogHalting(ILogger logger, string function, RunId runId, string sequenceKey);
}
