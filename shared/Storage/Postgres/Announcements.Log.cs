using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Postgres;

internal sealed partial class Announcements
{
    [LoggerMessage(24, LogLevel.Warning, "Messages of queue {Queue} could not be announced; workers find them when they look again, within a minute.")]
    private partial void LogNotAnnounced(string queue, Exception exception);
}
