using System.Diagnostics;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>The real etcd's programs. One that is missing skips a test, and fails it where <c>EBB_REQUIRE_PEERS=1</c>.</summary>
internal static class EtcdPrograms
{
    /// <summary>etcd 3.5.</summary>
    public static string Etcd => Find("EBB_ETCD", "etcd");

    /// <summary>etcd 3.4.</summary>
    public static string Etcd34 => Find("EBB_ETCD34", "etcd-3.4");

    public static string Etcdctl => Find("EBB_ETCDCTL", "etcdctl");

    public static string Etcdutl => Find("EBB_ETCDUTL", "etcdutl");

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output, error) = await TryAsync(program, arguments);
        code.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }

    public static async Task<(int Code, string Output, string Error)> TryAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static string Find(string variable, string name)
    {
        var path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null || !File.Exists(path))
        {
            Environment.GetEnvironmentVariable("EBB_REQUIRE_PEERS").ShouldNotBe("1", $"{name} is missing: set {variable} or put it on the PATH.");
            Assert.Skip($"{name} is not installed: set {variable} or put it on the PATH. './dev test' installs it.");
        }

        return path;
    }
}
