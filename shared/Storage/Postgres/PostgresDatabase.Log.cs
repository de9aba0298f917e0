using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

internal sealed partial class PostgresDatabase
{
    [LoggerMessage(20, LogLevel.Warning, "The database was not reachable for: {What}. It is tried again for a minute.")]
    private partial void LogRepeating(string what, Exception exception);
}
