using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

internal sealed partial class ActivityReader
{
    [LoggerMessage(1020, LogLevel.Warning,
        "Timer '{Function}' of ScaledObject {ScaledObject} is '{Wanted}' there and '{Stored}' in host storage. A pod is kept up until both agree: " +
        "if it does not go away by itself after a rollout, generate the ScaledObject anew from the app's own schedule and time zone")]
    private partial void LogMismatch(string function, string scaledObject, string wanted, string stored);
}
