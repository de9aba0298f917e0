using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

internal sealed partial class PostgresHostStorage
{
    [LoggerMessage(23, LogLevel.Warning, "Leases could not be given up; their messages are delivered again when they lapse.")]
    private static partial void LogNotClosed(ILogger logger, Exception exception);
}
