using Microsoft.Extensions.Logging;

namespace Ebb.Storage.File;

internal sealed partial class FileHostStorage
{
    [LoggerMessage(8, LogLevel.Information, "Host storage {Directory} was open to other users, who could read messages; from now on it is its own user's only: {Files}.")]
    private static partial void LogTightened(ILogger logger, string directory, string files);
}
