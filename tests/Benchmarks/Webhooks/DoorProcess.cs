using System.Diagnostics;
using System.Globalization;
using Ebb.Benchmarks.Processes;
using Ebb.TestServers.Network;

namespace Ebb.Benchmarks.Webhooks;

/// <summary>The door in a process of its own, with file storage.</summary>
internal sealed class DoorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private DoorProcess(Process process, Uri url, string storage) => (_process, Url, Storage) = (process, url, storage);

    public Uri Url { get; }

    public string Storage { get; }

    /// <summary>Processor time in seconds.</summary>
    public double Seconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static async Task<DoorProcess> StartAsync(string file, string secret)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Settings.Scratch, $"door-{Guid.NewGuid():N}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.current"), secret);
        await File.WriteAllTextAsync(Path.Combine(folder, "host.json"), """{ "version": "2.0", "logging": { "logLevel": { "default": "Warning" } } }""");
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Next()}"));
        var start = new ProcessStartInfo(file) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { $"--urls={url}", $"--Storage=sqlite:{folder}/storage/ebb.db", $"--Git:WebhookSecrets={folder}", "--Git:Hooks:bench:Host=github", "--Runs:Max=500000" })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await Answers.WaitAsync($"{url}healthz/ready", process);
        return new DoorProcess(process, url, $"sqlite:{folder}/storage/ebb.db");
    }

    /// <summary>SIGKILL: nothing is written any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
