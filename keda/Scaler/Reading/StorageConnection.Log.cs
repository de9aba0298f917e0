using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Reading;

internal sealed partial class StorageConnection
{
    [LoggerMessage(1000, LogLevel.Information, "Host storage is open")]
    private partial void LogOpened();

    [LoggerMessage(1001, LogLevel.Error, "Host storage cannot be opened and is tried again in {BackOff}; until then KEDA is told UNAVAILABLE and keeps the replicas as they are")]
    private partial void LogNotOpened(TimeSpan backOff, Exception exception);
}
