namespace Ebb.ObjectStore.Files;

/// <summary>
/// The file that an upload is written to before it gets its name: beside its target, <c>.ebb-upload-{32 hexadecimal digits}~{name}</c>, locked (flock) as long
/// as its process lives.
/// </summary>
internal static class UploadFile
{
    public const string Prefix = ".ebb-upload-";
    private const int PrefixLength = 12 + 32 + 1;

    public static string For(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $"{Prefix}{Guid.NewGuid():N}~{Path.GetFileName(target)}");

    public static bool IsOne(FileInfo file) => file.Name.StartsWith(Prefix, StringComparison.Ordinal) && file.Name.Length > PrefixLength;

    public static string TargetOf(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path)[PrefixLength..]);

    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return new FileStream(path, options);
    }

    /// <summary>Removes the file of a dead process; false when its process lives, or it is gone already.</summary>
    public static bool TryRemove(string path)
    {
        try
        {
            using var locked = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
            DurableDirectory.Delete(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (FileFaults.IsLocked(exception))
        {
            return false;
        }
    }
}
