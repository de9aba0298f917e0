using System.Globalization;
using System.Runtime.InteropServices;

namespace Ebb.Storage.File;

/// <summary>
/// The files of a journal: <c>journal-&lt;generation&gt;.log</c>, the highest generation counts. A new one is written under
/// a temporary name and gets its own only when its content is durable, so a <c>.log</c> is always whole.
/// </summary>
internal partial class JournalDirectory(string path)
{
    private const string Prefix = "journal-";
    private const string Suffix = ".log";
    private const string TemporarySuffix = ".tmp";
    private const int ReadOnlyFlag = 0;

    public string Path { get; } = path;

    /// <summary>
    /// Takes the directory and the store's files from everybody but their user. A directory that holds other things as well is left as it
    /// is: it may be one that others need.
    /// </summary>
    /// <returns>The names of what was open to others.</returns>
    public IReadOnlyList<string> Tighten()
    {
        var files = Directory.EnumerateFileSystemEntries(Path).ToList();
        var mine = files.Where(file => DirectoryLock.Owns(file) || Generation(file) is not null).ToList();
        return [.. (mine.Count == files.Count ? mine.Prepend(Path) : mine).Where(PrivateFiles.Tighten)];
    }

    /// <summary>The newest generation; null in a new store. What an interrupted compaction left behind is deleted.</summary>
    public JournalFile? OpenLatest()
    {
        foreach (var file in Directory.EnumerateFiles(Path, Prefix + "*" + TemporarySuffix))
            Delete(file);
        var generations = Directory.EnumerateFiles(Path, Prefix + "*" + Suffix)
            .Where(file => Generation(file) is not null).OrderByDescending(Generation).ToList();
        if (generations.Count == 0)
            return null;
        // The newest one may have got its name without that being durable, and the older ones go now.
        SyncDirectory();
        generations.Skip(1).ToList().ForEach(Delete);
        return Open(generations[0], FileMode.Open);
    }

    /// <summary>A new, empty file for the generation after <paramref name="current"/>, under its temporary name.</summary>
    public JournalFile CreateNext(string? current)
    {
        var generation = (current is null ? 0 : Generation(current) ?? 0) + 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation:D8}{TemporarySuffix}");
        return Open(System.IO.Path.Combine(Path, name), FileMode.Create);
    }

    /// <summary>Gives a durable file its own name. Durable only after <see cref="SyncDirectory"/>.</summary>
    public virtual void Publish(JournalFile file)
    {
        var name = System.IO.Path.ChangeExtension(file.Path, Suffix);
        System.IO.File.Move(file.Path, name);
        file.Path = name;
    }

    public virtual void Delete(string file) => System.IO.File.Delete(file);

    /// <summary>Makes the names in the directory durable.</summary>
    /// <exception cref="IOException">The directory cannot be synchronized.</exception>
    public virtual void SyncDirectory()
    {
        // Windows has no such call; NTFS journals its names itself.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenDescriptor(Path, ReadOnlyFlag);
        if (descriptor < 0)
            throw new IOException($"{Path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Sync(descriptor) < 0)
                throw new IOException($"{Path} cannot be synchronized: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = CloseDescriptor(descriptor);
        }
    }

    protected virtual JournalFile Open(string file, FileMode mode) => new(file, mode);

    private static long? Generation(string file) =>
        System.IO.Path.GetFileNameWithoutExtension(file) is var name && name.StartsWith(Prefix, StringComparison.Ordinal)
            && System.IO.Path.GetExtension(file) is Suffix or TemporarySuffix
            && long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;

    [LibraryImport("libc.so.6", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc.so.6", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc.so.6", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);
}
