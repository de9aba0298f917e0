namespace Ebb.Storage.Sqlite;

/// <summary>
/// What a store consists of is for its own user: directories of mode 0700, files of mode 0600, whatever the umask. What lies in them are
/// messages of others, sealed secrets among them.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return new(path, options);
    }

    /// <summary>Creates the directory if it is missing.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnersDirectory);
    }

    /// <summary>Takes from group and others what earlier versions, a copy or a volume's fsGroup gave them.</summary>
    /// <returns>True: something was taken. False: there was nothing to take, or the file belongs to another user.</returns>
    public static bool Tighten(string path)
    {
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) is var mode && (mode & OwnersDirectory) == mode)
            return false;
        try
        {
            File.SetUnixFileMode(path, mode & OwnersDirectory);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            // A volume's root belongs to root and is given to the pod's group alone.
            return false;
        }
    }
}
