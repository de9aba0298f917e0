using System.Diagnostics;

namespace Ebb.TestServers.Disks;

/// <summary>A file system of one megabyte.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebb-disk-");

    private SmallDisk()
    {
    }

    public string Path => _directory.FullName;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Null when this user may not mount.</summary>
    public static async Task<SmallDisk?> MountAsync(CancellationToken cancellationToken)
    {
        var disk = new SmallDisk();
        if (await RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "ebb-test", disk.Path], cancellationToken))
        {
            return disk;
        }

        disk._directory.Delete();
        return null;
    }

    /// <summary>Takes all the space that is left.</summary>
    public async Task FillAsync()
    {
        await using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                await filler.WriteAsync(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="FillAsync"/> took.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Refuses writing, or takes it again. No file on it may be open for writing.</summary>
    public async Task SetReadOnlyAsync(bool readOnly)
    {
        if (!await RunAsync("mount", ["-o", readOnly ? "remount,ro" : "remount,rw", Path], CancellationToken.None))
        {
            throw new InvalidOperationException($"{Path} cannot be mounted anew: is a file on it still open?");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!await RunAsync("umount", [Path], CancellationToken.None))
        {
            throw new InvalidOperationException($"{Path} cannot be unmounted: is a file in it still open?");
        }

        _directory.Delete();
    }

    private static async Task<bool> RunAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }
}
