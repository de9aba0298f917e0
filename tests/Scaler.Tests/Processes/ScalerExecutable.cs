using System.Diagnostics;
using System.Text;
using Ebb.TestServers.Network;

namespace Ebb.Scaler.Tests.Processes;

/// <summary>The scaler as a cluster starts it: an executable with settings in its environment.</summary>
internal sealed class ScalerExecutable : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly HttpClient _client;

    private ScalerExecutable(IReadOnlyDictionary<string, string> settings)
    {
        (GrpcPort, MetricsPort) = (LoopbackPort.Next(), LoopbackPort.Next());
        // ./dev test gives the native binary: what is left out of it by mistake is missed here.
        var executable = Environment.GetEnvironmentVariable("EBB_NATIVE_SCALER") ?? Path.Combine(AppContext.BaseDirectory, "Ebb.Scaler");
        var start = new ProcessStartInfo(executable)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Scaler__GrpcUrl"] = $"http://127.0.0.1:{GrpcPort}";
        start.Environment["Scaler__MetricsUrl"] = $"http://127.0.0.1:{MetricsPort}";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _client = new() { BaseAddress = new($"http://127.0.0.1:{MetricsPort}"), Timeout = Patience };
    }

    public int GrpcPort { get; }

    public int MetricsPort { get; }

    /// <summary>What it wrote so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ScalerExecutable> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var scaler = new ScalerExecutable(settings);
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Patience && !scaler._process.HasExited)
        {
            try
            {
                using var answer = await scaler._client.GetAsync("/healthz/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return scaler;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }

        var said = scaler.Log;
        await scaler.DisposeAsync();
        throw new InvalidOperationException($"The scaler did not become ready. It wrote:\n{said}");
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<(int ExitCode, string Log)> RunAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var scaler = new ScalerExecutable(settings);
        await scaler._process.WaitForExitAsync().WaitAsync(Patience);
        return (scaler._process.ExitCode, scaler.Log);
    }

    /// <summary>Waits until a line of its log holds a text.</summary>
    public async Task UntilItSaysAsync(string text)
    {
        var since = Stopwatch.GetTimestamp();
        while (!Log.Contains(text))
        {
            (Stopwatch.GetElapsedTime(since) < Patience).ShouldBeTrue(Log);
            await Task.Delay(20);
        }
    }

    public Task<string> MetricsAsync() => _client.GetStringAsync("/metrics");

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -TERM \"$0\"", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _client.Dispose();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
