using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite;

/// <summary>Looks after an unclean stop whether the database is whole, for a limited time: what is large would delay the start.</summary>
internal static partial class IntegrityCheck
{
    /// <summary>How long a start may take for this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private const int Interrupted = 9;

    /// <exception cref="HostStorageException">It is damaged.</exception>
    public static void Run(SqliteSession session, string path, TimeSpan longest, ILogger logger)
    {
        var start = TimeProvider.System.GetTimestamp();
        session.InterruptWhen(() => TimeProvider.System.GetElapsedTime(start) >= longest);
        try
        {
            var damage = session.Rows("pragma quick_check(10)", static row => row.GetString(0));
            if (damage is not ["ok"])
                throw new HostStorageException($"{path} is damaged: {string.Join("; ", damage)}. Nothing was changed. {SqliteErrors.Remedy(path)}");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Interrupted)
        {
            LogNotFinished(logger, path, longest);
        }
        finally
        {
            session.InterruptWhen(null);
        }
    }

    [LoggerMessage(9, LogLevel.Warning, "{Path} was not closed in order, and is too large to be checked as a whole in {Longest}. To check the rest, stop the process and run: sqlite3 {Path} 'pragma integrity_check'")]
    private static partial void LogNotFinished(ILogger logger, string path, TimeSpan longest);
}
