using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>A scaler that does as it is told, on a gRPC implementation that is not ours.</summary>
internal sealed class ScalerStandIn : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<JsonNode> _calls = [];
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Task _reading;

    private ScalerStandIn(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public string Address { get; private set; } = "";

    public IReadOnlyList<JsonNode> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public static async Task<ScalerStandIn> StartAsync()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Scaling/Data/scaler_stand_in.py");
        var standIn = new ScalerStandIn(Process.Start(new ProcessStartInfo(Peers.PythonWithGrpc, [script])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
        standIn.Address = $"127.0.0.1:{await standIn._port.Task.WaitAsync(Eventually.Patience)}";
        return standIn;
    }

    public int Count(string method) => Calls.Count(call => call["call"]!.GetValue<string>() == method);

    /// <summary>Sets what it answers, or pushes; it has understood when this completes.</summary>
    public async Task TellAsync(JsonObject order)
    {
        await _process.StandardInput.WriteLineAsync(order.ToJsonString());
        await _process.StandardInput.FlushAsync();
        (await _done.WaitAsync(Eventually.Patience)).ShouldBeTrue();
    }

    public Task PushAsync(bool active) => TellAsync(new JsonObject { ["push"] = active });

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _done.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var said = JsonNode.Parse(line)!;
            if (said["port"] is { } port)
                _port.TrySetResult(port.GetValue<int>());
            else if (said["done"] is not null)
                _done.Release();
            else
                Keep(said);
        }

        _port.TrySetException(new InvalidOperationException("The stand-in ended without listening."));
    }

    private void Keep(JsonNode call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }
}
