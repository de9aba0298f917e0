namespace Ebb.EtcdBackup.Drills;

/// <summary>
/// A folder that holds a database in the clear for the time of a drill. Its lock dies with the process, so that the next drill can tell what a
/// killed one left and removes it.
/// </summary>
internal sealed class RestoreFolder : IDisposable
{
    private const string Prefix = "ebb-drill-";
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private RestoreFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="IOException">The directory cannot be used.</exception>
    public static RestoreFolder Create(string directory)
    {
        foreach (var left in Directory.EnumerateDirectories(directory, Prefix + "*"))
        {
            RemoveLeft(left);
        }

        var path = System.IO.Path.Combine(directory, $"{Prefix}{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new RestoreFolder(path, Lock(path));
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private static FileStream Lock(string path) => new(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void RemoveLeft(string path)
    {
        try
        {
            using var held = Lock(path);
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // A drill that is under way holds the lock.
        }
    }
}
