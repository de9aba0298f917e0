using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

internal sealed partial class HostState
{
    [LoggerMessage(200, LogLevel.Critical,
        "Function '{Function}' goes on after its time limit was over and its CancellationToken cancelled. The process ends, so that " +
        "its capacity comes back; the run is tried again. Pass context.CancellationToken to everything the function awaits")]
    private static partial void LogRecycling(ILogger logger, string function);
}
