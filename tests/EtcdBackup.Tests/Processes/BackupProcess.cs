using System.Diagnostics;
using System.Text;

namespace Ebb.EtcdBackup.Tests.Processes;

/// <summary>The built executable, run as a pod runs it. <c>EBB_ETCD_BACKUP</c> names another build of it, such as the native one.</summary>
internal sealed class BackupProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _text = new();

    private BackupProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public static BackupProcess Start(BackupBench bench, params string[] arguments)
    {
        var executable = Environment.GetEnvironmentVariable("EBB_ETCD_BACKUP") is { Length: > 0 } path ? path : Path.Combine(AppContext.BaseDirectory, "Ebb.EtcdBackup");
        var start = new ProcessStartInfo(executable, [.. arguments, $"--Storage=sqlite:{bench.At("host")}/ebb.db", .. bench.Settings.Select(setting => $"--{setting.Key}={setting.Value}")])
        {
            WorkingDirectory = bench.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath) is { } beside && File.Exists(Path.Combine(beside, "dotnet"))
            ? beside
            : Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return new BackupProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(BackupBench.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_text)
        {
            _text.AppendLine(line);
        }
    }
}
