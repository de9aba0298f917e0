using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ebb.Storage.Sqlite;

/// <summary>Tells what SQLite refused and why, and what to do. Result codes: sqlite.org/rescode.html.</summary>
internal sealed class SqliteErrors(string path)
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Protocol = 15;
    private const int NoLargeFiles = 22;
    private const int NotADatabase = 26;

    private const int NotFlushed = InputOutput | (4 << 8);
    private const int DirectoryNotFlushed = InputOutput | (5 << 8);
    private const int NoReadLock = InputOutput | (9 << 8);
    private const int NoReservedLock = InputOutput | (14 << 8);
    private const int NoLock = InputOutput | (15 << 8);

    /// <summary>Whether fsync failed: what of the log is on the disk is not known.</summary>
    public static bool IsRefusedFlush(SqliteException error) => error.SqliteExtendedErrorCode is NotFlushed or DirectoryNotFlushed;

    public HostStorageException Tell(SqliteException error)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"SQLite error {error.SqliteExtendedErrorCode}");
        return new((error.SqliteErrorCode, error.SqliteExtendedErrorCode) switch
        {
            (Full, _) =>
                $"Nothing was stored: No space left for {path}. Free some space on its volume, or make the volume larger; storing goes on by itself.",
            (ReadOnly, _) =>
                $"Nothing was stored: {path} cannot be written ({code}). Its volume is read-only, or the file belongs to another user than {Environment.UserName}. "
                + "Make it writable; storing goes on by itself.",
            (Corrupt or NotADatabase, _) => Damaged(error.Message),
            (Busy or Locked, _) =>
                $"{path} is open in another program, such as sqlite3. Close it there: a store serves one process at a time.",
            (Protocol or NoLargeFiles, _) or (_, NoReadLock or NoReservedLock or NoLock) =>
                $"{path} is on a file system that does not lock files ({code}), as some network file systems do: two processes could write to it at once. "
                + "Put it on a local disk, or use PostgreSQL (setting Storage).",
            (CannotOpen, _) =>
                $"{path} cannot be opened ({code}). It must be a file that user {Environment.UserName} may read and write, in a directory where it may create files (setting Storage).",
            (InputOutput, _) =>
                $"Nothing was stored: {path} could not be read or written: Input/output error ({code}). "
                + "Check the health of that disk and that its volume is writable; storing goes on by itself once it works.",
            _ => $"Nothing was stored: {path}: {error.Message}",
        }, error);
    }

    /// <summary>What to do about a database that is not whole.</summary>
    public static string Remedy(string path) =>
        $"Stop the process, keep a copy of {path} and {path}-wal, and restore both from a backup; or save what can be read: "
        + $"sqlite3 '{path}' .recover | sqlite3 '{path}.recovered', and put that in its place.";

    private string Damaged(string what) => $"{path} is damaged ({what}). {Remedy(path)}";
}
