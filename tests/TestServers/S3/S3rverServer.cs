namespace Ebb.TestServers.S3;

/// <summary>
/// s3rver 3.7.1 of npm. What it does not do: verify version 4 signatures, abort and list multipart uploads, conditional writes, Object Lock
/// (lib/routes.js and lib/middleware/authentication.js there).
/// </summary>
public sealed class S3rverServer : S3Process
{
    private S3rverServer(DirectoryInfo folder, string script)
        : base(folder, "node", [script, "--directory", folder.FullName, "--address", "127.0.0.1", "--port", "0", "--silent", "--no-vhost-buckets", "--configure-bucket", "backups"])
    {
    }

    /// <summary>The program: EBB_S3RVER; null when there is none.</summary>
    public static string? Program => Environment.GetEnvironmentVariable("EBB_S3RVER") is { Length: > 0 } path && File.Exists(path) ? path : null;

    public override S3Login Login => new($"http://127.0.0.1:{Port}", "backups", "S3RVER", "S3RVER");

    public static async Task<S3rverServer> StartAsync()
    {
        var program = Program ?? throw new InvalidOperationException("There is no s3rver: install it from npm and set EBB_S3RVER to its bin/s3rver.js.");
        var server = new S3rverServer(Directory.CreateTempSubdirectory("ebb-s3rver-"), program);
        await server.WaitAsync();
        return server;
    }
}
