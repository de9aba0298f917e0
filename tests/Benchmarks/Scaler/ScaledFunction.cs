using System.Diagnostics;
using System.Globalization;
using Ebb.Scaler.Protos;
using Ebb.Storage;
using Grpc.Core;
using Grpc.Net.Client;

namespace Ebb.Benchmarks.Scaler;

/// <summary>One function as KEDA and its worker see it: an open stream, polls, and a queue.</summary>
internal sealed class ScaledFunction(int number, GrpcChannel channel, IHostStorage storage) : IDisposable
{
    private readonly ExternalScaler.ExternalScalerClient _scaler = new(channel);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _pushed = new(0);
    private readonly string _queue = string.Create(CultureInfo.InvariantCulture, $"queue{number}");

    private ScaledObjectRef Reference => new()
    {
        Namespace = "bench",
        Name = _queue,
        ScalerMetadata = { ["app"] = _queue, ["queues"] = _queue },
    };

    public async Task StreamAsync()
    {
        try
        {
            using var stream = _scaler.StreamIsActive(Reference, cancellationToken: _stop.Token);
            await foreach (var _ in stream.ResponseStream.ReadAllAsync(_stop.Token))
            {
                _pushed.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the measurement.
        }
    }

    /// <summary>What KEDA asks at each of its intervals.</summary>
    public async Task PollAsync()
    {
        await _scaler.GetMetricsAsync(new() { ScaledObjectRef = Reference }, cancellationToken: _stop.Token);
        await _scaler.IsActiveAsync(Reference, cancellationToken: _stop.Token);
    }

    /// <summary>Milliseconds from before the enqueue to its end and to the push; then the work is done.</summary>
    public async Task<(double Enqueue, double Push)> PushOnceAsync()
    {
        while (await _pushed.WaitAsync(0, _stop.Token))
        {
            // A push that was repeated before the work was done.
        }

        var began = Stopwatch.GetTimestamp();
        var pushed = _pushed.WaitAsync(_stop.Token).ContinueWith(_ => Stopwatch.GetTimestamp(), TaskScheduler.Default);
        await storage.Queues.EnqueueAsync(new() { Queue = _queue, Body = "{}" }, _stop.Token);
        var accepted = Stopwatch.GetTimestamp();
        var at = await pushed;
        var taken = await storage.Queues.DequeueAsync(
            new() { Queue = _queue, Function = "F", Instance = "i", MaxCount = 1, LeaseDuration = TimeSpan.FromMinutes(1) }, _stop.Token);
        await storage.Queues.SettleAsync(taken[0], new Settlement.Succeeded(null), _stop.Token);
        return (Stopwatch.GetElapsedTime(began, accepted).TotalMilliseconds, Stopwatch.GetElapsedTime(began, at).TotalMilliseconds);
    }

    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _pushed.Dispose();
    }
}
