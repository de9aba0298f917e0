using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores.KeyVault;

internal sealed partial class KeyVaultWriter
{
    [LoggerMessage(6311, LogLevel.Warning, "Version {Theirs} of {Secret} was written by another at the same moment as {Ours}; ours is written again on top of it")]
    private static partial void LogOvertaken(ILogger logger, string secret, string theirs, string ours);
}
