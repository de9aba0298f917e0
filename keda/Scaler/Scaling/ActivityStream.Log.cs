using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

internal sealed partial class ActivityStream
{
    [LoggerMessage(1030, LogLevel.Warning, "The stream of ScaledObject {ScaledObject} cannot wait for work and goes on by asking; KEDA's polling wakes the app meanwhile")]
    private static partial void LogFailing(ILogger logger, string scaledObject, Exception exception);
}
