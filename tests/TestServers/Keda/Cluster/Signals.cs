using System.Diagnostics;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>Signals to processes that tests started.</summary>
public static class Signals
{
    /// <summary>Sends TERM, KILL, STOP or CONT; a process that is gone already is no error.</summary>
    public static async Task SendAsync(int processId, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{processId}"]) { UseShellExecute = false, RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}
