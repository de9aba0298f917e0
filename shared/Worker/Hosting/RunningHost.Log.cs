using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Hosting;

public sealed partial class RunningHost
{
    [LoggerMessage(210, LogLevel.Information, "Listening on {Addresses} with {Functions} functions as {Instance}")]
    private static partial void LogStarted(ILogger logger, string addresses, int functions, string instance);

    [LoggerMessage(211, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);

    [LoggerMessage(212, LogLevel.Information, "Stopping: {Running} invocations under way get {Grace} to end")]
    private static partial void LogStopping(ILogger logger, int running, TimeSpan grace);

    [LoggerMessage(213, LogLevel.Warning, "The grace is over: {Running} invocations are cancelled; what can be is handed back")]
    private static partial void LogGraceOver(ILogger logger, int running);

    [LoggerMessage(214, LogLevel.Information, "Stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(216, LogLevel.Warning, "Host storage did not close within {Limit}; the process ends without it. Everything that was promised is durable")]
    private static partial void LogNotClosed(ILogger logger, TimeSpan limit);

    [LoggerMessage(215, LogLevel.Information, "There is no host.json in {WorkingDirectory} or {ExecutableDirectory}; the defaults hold")]
    private static partial void LogNoHostJson(ILogger logger, string workingDirectory, string executableDirectory);

    [LoggerMessage(629, LogLevel.Information, "Off, because {Reason}: {Functions}.")]
    private static partial void LogOff(ILogger logger, string reason, string functions);
}
