using Microsoft.Extensions.Logging;

namespace Ebb.Vault;

internal sealed partial class VaultSession
{
    [LoggerMessage(4001, LogLevel.Warning, "The Vault token of {Login} could not be renewed; logging in anew: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string login, string reason);

    [LoggerMessage(4002, LogLevel.Warning, "{Login} failed; the token at hand still holds and is kept, and the login is tried again in 10 s: {Reason}")]
    private static partial void LogKept(ILogger logger, string login, string reason);

    [LoggerMessage(4003, LogLevel.Information, "The Vault token of {Login} is no longer accepted; logging in anew")]
    private static partial void LogDropped(ILogger logger, string login);
}
