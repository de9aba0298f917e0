using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

internal sealed partial class ScalerHost
{
    [LoggerMessage(1060, LogLevel.Information, "The scaler listens on {Addresses}; gRPC {Security}")]
    private partial void LogStarted(string addresses, string security);

    [LoggerMessage(1061, LogLevel.Information, "The scaler stops: streams end with OK, and KEDA asks another replica")]
    private partial void LogStopping();

    [LoggerMessage(1062, LogLevel.Information, "The scaler has stopped")]
    private partial void LogStopped();
}
