using System.Diagnostics;

namespace Ebb.TestServers.Etcd;

/// <summary>Programs of etcd: named by <c>EBB_ETCD</c>, <c>EBB_ETCDCTL</c>, <c>EBB_ETCDUTL</c>, or on the PATH.</summary>
public static class EtcdPrograms
{
    /// <summary>The server; null when there is none.</summary>
    public static string? Server => Find("EBB_ETCD", "etcd");

    /// <summary>The tool that restores snapshots; null when there is none.</summary>
    public static string? Util => Find("EBB_ETCDUTL", "etcdutl");

    /// <summary>The client; null when there is none.</summary>
    public static string? Client => Find("EBB_ETCDCTL", "etcdctl");

    /// <summary>Runs a program to its end and gives its output.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
    }

    private static string? Find(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
