using System.Diagnostics;
using System.Globalization;
using Ebb.Benchmarks.Processes;
using Ebb.TestServers.Network;

namespace Ebb.Benchmarks.Scaler;

/// <summary>The scaler in a process of its own, with what Linux says of it.</summary>
internal sealed class ScalerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ScalerProcess(Process process, int grpcPort, int metricsPort) => (_process, GrpcPort, MetricsPort) = (process, grpcPort, metricsPort);

    public int GrpcPort { get; }

    public int MetricsPort { get; }

    /// <summary>Resident memory in MB.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024.0 * 1024.0);
        }
    }

    /// <summary>Processor time in seconds.</summary>
    public double Seconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts it; the milliseconds are those until its first answer.</summary>
    public static async Task<(ScalerProcess Scaler, double Milliseconds)> StartAsync(string file, string storage)
    {
        var (grpc, metrics) = (LoopbackPort.Next(), LoopbackPort.Next());
        var start = new ProcessStartInfo(file) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["Storage"] = storage;
        start.Environment["Scaler__GrpcUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{grpc}");
        start.Environment["Scaler__MetricsUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{metrics}");
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await Answers.WaitAsync($"http://127.0.0.1:{metrics}/healthz/ready", process);
        return (new(process, grpc, metrics), Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
