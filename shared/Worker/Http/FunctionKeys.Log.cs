using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Http;

internal sealed partial class FunctionKeys
{
    [LoggerMessage(400, LogLevel.Warning,
        "There is no key in {Directory}: every function that needs a key, the runs and the admin endpoints answer 401. Put files there " +
        "named host.master, host.function.<name> or functions.<function>.<name> that hold a secret each, or set FunctionKeys:Directory")]
    private static partial void LogNoKeys(ILogger logger, string directory);

    [LoggerMessage(401, LogLevel.Error, "The keys in {Directory} cannot be read, so nothing is let in. Make them readable for the user the process runs as")]
    private static partial void LogUnreadable(ILogger logger, string directory, Exception exception);

    [LoggerMessage(402, LogLevel.Debug,
        "The file {File} in {Directory} is no key: empty, over 4096 bytes, or not named host.master, host.function.<name>, " +
        "host.systemKey.<name> or functions.<function>.<name>")]
    private static partial void LogIgnored(ILogger logger, string file, string directory);

    [LoggerMessage(403, LogLevel.Error,
        "{File} cannot be understood ({Problem}), so every key but the master key is limited to nothing. Write JSON such as " +
        "{{\"host.function.ci-shop\": [\"shop\"]}}")]
    private static partial void LogScopesUnreadable(ILogger logger, string file, string problem);

    [LoggerMessage(404, LogLevel.Error, "{Problem}. Until then {Consequence}")]
    private static partial void LogScopeOfNothing(ILogger logger, string problem, string consequence);
}
