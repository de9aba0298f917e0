using Microsoft.Extensions.Logging;

namespace Ebb.Kubernetes;

internal sealed partial class ObjectWatch
{
    [LoggerMessage(4101, LogLevel.Warning, "The watch of {Type} broke and is opened again: {Reason}")]
    private static partial void LogBroken(ILogger logger, ResourceType type, string reason);

    [LoggerMessage(4102, LogLevel.Debug, "The watch of {Type} fell behind what the server keeps (410); the objects are listed again")]
    private static partial void LogExpired(ILogger logger, ResourceType type);
}
