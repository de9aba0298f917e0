using Microsoft.Extensions.Logging;

namespace Ebb.Grpc;

internal sealed partial class ServerCall
{
    [LoggerMessage(900, LogLevel.Error, "{Method} failed with an error it should have turned into a status; the caller was told UNKNOWN. This is a defect of the server")]
    private static partial void LogFailed(ILogger logger, string method, Exception exception);
}
