using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

internal sealed partial class Retention
{
    [LoggerMessage(22, LogLevel.Warning, "Old runs could not be deleted; it is tried again later.")]
    private partial void LogNotDeleted(Exception exception);
}
