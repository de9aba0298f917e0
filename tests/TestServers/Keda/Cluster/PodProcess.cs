using System.Diagnostics;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>Starts a pod's process; its output goes straight into a file, so that nothing is lost when it is killed.</summary>
internal static class PodProcess
{
    public static Process Start(DeploymentTemplate template, string pod, int port, string logFile)
    {
        string Filled(string text) => text.Replace("{pod}", pod, StringComparison.Ordinal).Replace("{port}", $"{port}", StringComparison.Ordinal);
        string[] shell = ["-c", "exec \"$@\" >>\"$0\" 2>&1", logFile];
        var start = new ProcessStartInfo("/bin/sh", shell.Concat(template.Command.Select(Filled)))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = template.WorkingDirectory ?? "",
        };
        start.Environment["HOSTNAME"] = pod;
        foreach (var (name, value) in template.Environment)
        {
            start.Environment[name] = Filled(value);
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
