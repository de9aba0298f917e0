using Microsoft.Extensions.Logging;

namespace Ebb.ObjectStore.S3;

internal sealed partial class S3Connection
{
    [LoggerMessage(4601, LogLevel.Warning, "Attempt {Attempt} failed, the next one follows in {Seconds:0.#} s: {Reason}")]
    private static partial void LogRetry(ILogger logger, int attempt, double seconds, string reason);
}
