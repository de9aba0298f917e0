using Microsoft.Extensions.Logging;

namespace Ebb.Signing.Formats;

internal sealed partial class CosignSignatureFormat
{
    [LoggerMessage(4101, LogLevel.Warning, "{Tag} holds no signatures and counts as empty; signing replaces it: {Reason}")]
    private static partial void LogNoSignatures(ILogger logger, string tag, string reason);
}
