using Microsoft.Extensions.Logging;

namespace Ebb.Webhooks.Git.Hooks;

internal sealed partial class HookSecrets
{
    [LoggerMessage(1, LogLevel.Error, "The hook {Hook} has a secret that cannot be used: {Problem}. Deliveries signed with it are refused.")]
    private static partial void LogUnusable(ILogger logger, string hook, string problem);
}
