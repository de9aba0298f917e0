using System.Diagnostics;

namespace Ebb.Storage.Tests.Journal;

/// <summary>A file system of one megabyte.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.Path;

    /// <summary>Null when this user may not mount.</summary>
    public static async Task<SmallDisk?> MountAsync(CancellationToken cancellationToken)
    {
        var disk = new SmallDisk();
        if (await RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "ebb-test", disk.Path], cancellationToken))
            return disk;
        disk._directory.Dispose();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        (await RunAsync("umount", [Path], default)).ShouldBeTrue();
        _directory.Dispose();
    }

    private static async Task<bool> RunAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }
}
