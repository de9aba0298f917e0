using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

internal static partial class Logged
{
    [LoggerMessage(110, LogLevel.Debug, "Function '{Function}' starts ({Trigger}, retry {RetryCount})")]
    private static partial void LogStarting(ILogger logger, string function, TriggerKind trigger, int retryCount);

    [LoggerMessage(111, LogLevel.Information, "Function '{Function}' ended: {Kind}")]
    private static partial void LogEnded(ILogger logger, string function, OutcomeKind kind);
}
