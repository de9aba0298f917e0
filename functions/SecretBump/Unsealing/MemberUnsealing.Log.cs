using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Unsealing;

internal sealed partial class MemberUnsealing
{
    [LoggerMessage(6401, LogLevel.Information, "{Member}: {Progress} of {Threshold} key shares")]
    private static partial void LogProgress(ILogger logger, string member, int progress, int threshold);

    [LoggerMessage(6402, LogLevel.Information, "{Member} is unsealed")]
    private static partial void LogUnsealed(ILogger logger, string member);

    [LoggerMessage(6403, LogLevel.Error, "{Member} refused the key shares at {Share}; what had been given is forgotten and the member stays sealed: {Reason}")]
    private static partial void LogRefused(ILogger logger, string member, string share, string reason);
}
