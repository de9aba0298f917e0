using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite;

internal sealed partial class SqliteEngine
{
    [LoggerMessage(2, LogLevel.Error, "Host storage refused an operation; nothing of it was stored, and its caller is told.")]
    private partial void LogRefused(Exception cause);

    [LoggerMessage(3, LogLevel.Information, "What the disk had refused to make durable is written anew; storing goes on.")]
    private partial void LogRecovered();

    [LoggerMessage(4, LogLevel.Error, "Lapsed leases and expired runs cannot be recorded at present; this is tried again.")]
    private partial void LogStalled(Exception cause);
}
