using System.Diagnostics;
using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Network;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>keda/Scaler as a process, on the same address each time it is started.</summary>
internal sealed class ScalerProcess(IReadOnlyDictionary<string, string> storage, string logFile) : IAsyncDisposable
{
    private readonly int _port = LoopbackPort.Next();
    private readonly int _metricsPort = LoopbackPort.Next();
    private Process? _process;

    public string Address => $"127.0.0.1:{_port}";

    public string Log => File.Exists(logFile) ? File.ReadAllText(logFile) : "";

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" >>\"$1\" 2>&1", Peers.Scaler, logFile]) { UseShellExecute = false };
        foreach (var (name, value) in storage)
            start.Environment[name] = value;
        start.Environment["Scaler__GrpcUrl"] = $"http://127.0.0.1:{_port}";
        start.Environment["Scaler__MetricsUrl"] = $"http://127.0.0.1:{_metricsPort}";
        _process = Process.Start(start)!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(() => AnswersAsync(client), () => $"the scaler is ready\n{Log}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a rollout does; its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Signals.SendAsync(_process!.Id, "TERM");
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_metricsPort}/healthz/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
