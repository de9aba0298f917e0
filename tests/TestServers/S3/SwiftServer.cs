namespace Ebb.TestServers.S3;

/// <summary>OpenStack Swift with its s3api, as Debian has it: a real object store that verifies signatures and MD5s. swift_server.py puts it into one process.</summary>
public sealed class SwiftServer : S3Process
{
    private SwiftServer(DirectoryInfo folder, string python)
        : base(folder, python, ["-B", Path.Combine(AppContext.BaseDirectory, "S3", "swift_server.py"), folder.FullName, "backups"])
    {
    }

    /// <summary>The Python that has Swift: EBB_SWIFT_PYTHON, or Debian's; null when there is none.</summary>
    public static string? Python
    {
        get
        {
            var python = Environment.GetEnvironmentVariable("EBB_SWIFT_PYTHON") is { Length: > 0 } set ? set : "/usr/bin/python3";
            return File.Exists(python) && File.Exists("/usr/lib/python3/dist-packages/swift/__init__.py") ? python : null;
        }
    }

    public override S3Login Login => new($"http://127.0.0.1:{Port}", "backups", "test:tester", "testing");

    public static async Task<SwiftServer> StartAsync()
    {
        var python = Python ?? throw new InvalidOperationException("There is no Swift: install Debian's python3-swift, or set EBB_SWIFT_PYTHON.");
        var server = new SwiftServer(Directory.CreateTempSubdirectory("ebb-swift-"), python);
        await server.WaitAsync();
        return server;
    }
}
