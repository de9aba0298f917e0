using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

internal sealed partial class Listener
{
    [LoggerMessage(21, LogLevel.Warning, "The connection that listens for work was lost. It is opened again, and everybody who waits looks for work then.")]
    private partial void LogLost(Exception exception);
}
