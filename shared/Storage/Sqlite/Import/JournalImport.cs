using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>
/// Brings the journal that earlier versions kept in the database's directory into the database: once, and completely or not at all, wherever
/// the process is killed.
/// </summary>
internal sealed partial class JournalImport(SqliteSession session, SqliteFiles files, TimeProvider time, ILogger logger)
{
    private const string HasContent =
        """
        select 1 where exists (select 1 from messages) or exists (select 1 from runs) or exists (select 1 from schedules)
            or exists (select 1 from documents)
        """;

    /// <exception cref="HostStorageException">The journal is damaged, or the database has other content.</exception>
    public void Run()
    {
        if (OldJournal.Find(files.Directory) is { } journal)
        {
            var hash = Hash(journal);
            if (!session.Any("select 1 from imports where journal = $1", hash))
                Import(journal, hash);
        }
        // Committed before: a process that is killed here goes on here the next time.
        if (session.Any("select 1 from imports"))
            OldJournal.SetAside(files.Directory, files.Path);
    }

    private void Import(string journal, string hash)
    {
        if (session.Any(HasContent))
        {
            throw new HostStorageException(
                $"{journal} is the store of an earlier version, and {files.Path} has content already: nothing was imported. Name a new file in that directory "
                + $"(such as Storage=sqlite:{Path.Combine(files.Directory, "imported.db")}) to import it there, or move the journal away.");
        }

        var start = time.GetTimestamp();
        session.FlushCommits(true);
        session.Execute("begin immediate");
        var entries = Replay(journal);
        session.Execute("insert into imports (journal, imported_at) values ($1, $2)", hash, time.GetUtcNow());
        session.Execute("commit");
        LogImported(journal, files.Path, entries, time.GetElapsedTime(start));
    }

    private int Replay(string journal)
    {
        using var file = File.OpenHandle(journal);
        var reader = new JournalReader(journal, file);
        var work = new Work(session, new(time.GetUtcNow(), TimeSpan.Zero), nextNumber: 1);
        var count = 0;
        foreach (var entry in reader.Entries())
        {
            JournalReplay.Apply(work, entry);
            count++;
        }
        if (reader.Left > 0 && reader.DamageIsInDurablePart())
            throw Damaged(journal, reader);
        if (reader.Left > 0)
            LogTailCut(journal, reader.Left, reader.Position);
        JournalReplay.Finish(work);
        return count;
    }

    private static string Hash(string journal)
    {
        using var stream = File.OpenRead(journal);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static HostStorageException Damaged(string journal, JournalReader reader) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{journal} is damaged at offset {reader.Position} of {reader.Position + reader.Left}: the record there fails its checksum, and intact records follow, ")
        + "so this is no interrupted write. Nothing was imported or changed. Restore the directory from a backup. To go on with what stands before the damage and "
        + string.Create(CultureInfo.InvariantCulture, $"lose everything behind it, copy the file and then run: truncate --size={reader.Position} '{journal}'"));

    [LoggerMessage(11, LogLevel.Information, "{Journal}, the store of an earlier version, was imported into {Path}: {Entries} entries in {Elapsed}. It is kept beside it, with .imported at its end, and may be deleted.")]
    private partial void LogImported(string journal, string path, int entries, TimeSpan elapsed);

    [LoggerMessage(1, LogLevel.Warning, "Journal {Path}: the last {Bytes} bytes, from offset {Offset}, were an interrupted or damaged write and were left out. Nothing that was reported as stored before the last write is affected.")]
    private partial void LogTailCut(string path, long bytes, long offset);
}
