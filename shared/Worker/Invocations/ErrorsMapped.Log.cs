using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

internal static partial class ErrorsMapped
{
    [LoggerMessage(100, LogLevel.Error, "Function '{Function}' failed ({Kind}): {Reason}")]
    private static partial void LogFailed(ILogger logger, string function, OutcomeKind kind, string reason, Exception? exception);
}
