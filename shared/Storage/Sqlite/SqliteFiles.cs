namespace Ebb.Storage.Sqlite;

/// <summary>The files of a store: the database, its write-ahead log, and the lock of their directory.</summary>
internal sealed class SqliteFiles(string path)
{
    public string Path => path;

    public string Directory => System.IO.Path.GetDirectoryName(path)!;

    /// <summary>Whether whoever had it open last did not close it: who does brings the log into the database and deletes it.</summary>
    public bool WasLeftOpen => new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>Creates what is missing, and takes what there is from everybody but its user.</summary>
    /// <returns>The names of what was open to others.</returns>
    public IReadOnlyList<string> Prepare()
    {
        PrivateFiles.CreateDirectory(Directory);
        // A directory that holds other things as well is left as it is: it may be one that others need.
        var files = System.IO.Directory.EnumerateFileSystemEntries(Directory).ToList();
        var mine = files.Where(IsMine).ToList();
        return [.. (mine.Count == files.Count ? mine.Prepend(Directory) : mine).Where(PrivateFiles.Tighten)];
    }

    /// <summary>Creates the database as an empty file, if there is none: SQLite itself would follow the umask, and gives its log the same mode.</summary>
    public void Create() => PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();

    private bool IsMine(string file) =>
        file == path || file == path + "-wal" || file == path + "-journal" || DirectoryLock.Owns(file) || Import.OldJournal.Owns(file);
}
