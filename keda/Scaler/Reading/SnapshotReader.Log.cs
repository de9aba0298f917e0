using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Reading;

internal sealed partial class SnapshotReader
{
    [LoggerMessage(1010, LogLevel.Error, "Host storage does not answer; KEDA is told UNAVAILABLE and keeps the replicas as they are. It is asked again at every call; see that the database can be reached from here")]
    private partial void LogDown(Exception exception);

    [LoggerMessage(1011, LogLevel.Information, "Host storage answers again")]
    private partial void LogBack();
}
