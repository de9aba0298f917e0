using System.Diagnostics;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>The real etcd's programs.</summary>
internal static class EtcdPrograms
{
    /// <summary>etcd 3.5.</summary>
    public static string Etcd => Peer.Program("etcd", "EBB_ETCD");

    /// <summary>etcd 3.4.</summary>
    public static string Etcd34 => Peer.Program("etcd-3.4", "EBB_ETCD34");

    public static string Etcdctl => Peer.Program("etcdctl", "EBB_ETCDCTL");

    public static string Etcdutl => Peer.Program("etcdutl", "EBB_ETCDUTL");

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
}
