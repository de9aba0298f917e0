using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite;

internal sealed partial class SqliteHostStorage
{
    [LoggerMessage(8, LogLevel.Information, "Host storage {Directory} was open to other users, who could read messages; from now on it is its own user's only: {Files}.")]
    private static partial void LogTightened(ILogger logger, string directory, string files);

    [LoggerMessage(10, LogLevel.Warning, "Storage is {Setting}, as earlier versions had it; write Storage=sqlite:{Path}, which is what is used.")]
    private static partial void LogOldSetting(ILogger logger, string setting, string path);
}
