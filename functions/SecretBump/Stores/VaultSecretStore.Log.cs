using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores;

public sealed partial class VaultSecretStore
{
    [LoggerMessage(6301, LogLevel.Warning, "Version {Version} of {Path} is written, but not who wrote it; its history lacks that. {Reason}")]
    private static partial void LogNotNoted(ILogger logger, string path, string version, string reason);
}
