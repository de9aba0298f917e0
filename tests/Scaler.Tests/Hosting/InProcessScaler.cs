using System.Runtime.CompilerServices;
using Ebb.Scaler.Configuration;
using Ebb.Scaler.Hosting;
using Ebb.Scaler.Protos;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Scaler.Tests.Hosting;

/// <summary>A scaler within this process, over a store of its own, with a client.</summary>
internal sealed class InProcessScaler : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly ExternalScaler.ExternalScalerClient _client;

    private InProcessScaler(FaultyStorage storage, ScalerHost host)
    {
        (Storage, Host) = (storage, host);
        _channel = GrpcChannel.ForAddress(Address, new() { ThrowOperationCanceledOnCancellation = true });
        _client = new(_channel);
        Http = new() { BaseAddress = new($"http://127.0.0.1:{host.MetricsPort}") };
    }

    public FaultyStorage Storage { get; }

    public ScalerHost Host { get; }

    public Uri Address => new($"http://127.0.0.1:{Host.GrpcPort}");

    /// <summary>For services beside the scaler's own.</summary>
    public GrpcChannel Channel => _channel;

    public HttpClient Http { get; }

    public static async Task<InProcessScaler> StartAsync(ScalerTimings? timings = null, TimeSpan? timeout = null, ILoggerFactory? loggers = null)
    {
        var storage = await FaultyStorage.OpenAsync();
        var options = new ScalerOptions
        {
            Storage = new() { Storage = "sqlite:unused.db" },
            Grpc = new("127.0.0.1", 0),
            Metrics = new("127.0.0.1", 0),
            StorageTimeout = timeout ?? TimeSpan.FromSeconds(30),
        };
        return new(storage, await ScalerHost.StartAsync(
            options, new OpenStorage(storage), timings ?? new(), TimeProvider.System, loggers ?? NullLoggerFactory.Instance, default));
    }

    private static CallOptions Soon => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60));

    public async Task<bool> IsActiveAsync(ScaledObjectRef reference) => (await _client.IsActiveAsync(reference, Soon)).Result;

    public async Task<MetricSpec> SpecAsync(ScaledObjectRef reference) => (await _client.GetMetricSpecAsync(reference, Soon)).MetricSpecs.Single();

    public async Task<MetricValue> MetricAsync(ScaledObjectRef reference, string name = "") =>
        (await _client.GetMetricsAsync(new() { ScaledObjectRef = reference, MetricName = name }, Soon)).MetricValues.Single();

    public async IAsyncEnumerable<IsActiveResponse> Stream(ScaledObjectRef reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = _client.StreamIsActive(reference, new CallOptions(cancellationToken: cancellationToken));
        await foreach (var push in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return push;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Http.Dispose();
        await Host.DisposeAsync();
        await Storage.DisposeAsync();
    }
}
