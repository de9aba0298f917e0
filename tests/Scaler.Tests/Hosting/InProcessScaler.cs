using Ebb.Grpc;
using Ebb.Scaler.Configuration;
using Ebb.Scaler.Hosting;
using Ebb.Scaler.Protos;
using Ebb.Scaler.Reading;
using Ebb.Scaler.Scaling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.Scaler.Tests.Hosting;

/// <summary>A scaler within this process, over a store of its own, with a client.</summary>
internal sealed class InProcessScaler : IAsyncDisposable
{
    private static readonly GrpcCall Call = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly GrpcChannel _channel;

    private InProcessScaler(FaultyStorage storage, ScalerHost host)
    {
        (Storage, Host) = (storage, host);
        _channel = GrpcChannel.ForAddress(new($"http://127.0.0.1:{host.GrpcPort}"), new(), TimeProvider.System);
        Http = new() { BaseAddress = new($"http://127.0.0.1:{host.MetricsPort}") };
    }

    public FaultyStorage Storage { get; }

    public ScalerHost Host { get; }

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

    public async Task<bool> IsActiveAsync(ScaledObjectRef reference) => (await UnaryAsync("IsActive", reference, IsActiveResponse.Parser)).Result;

    public async Task<MetricSpec> SpecAsync(ScaledObjectRef reference) =>
        (await UnaryAsync("GetMetricSpec", reference, GetMetricSpecResponse.Parser)).MetricSpecs.Single();

    public async Task<MetricValue> MetricAsync(ScaledObjectRef reference, string name = "") =>
        (await _channel.UnaryAsync(
            new Method<GetMetricsRequest, GetMetricsResponse>(ExternalScaler.Service, "GetMetrics", GetMetricsRequest.Parser, GetMetricsResponse.Parser),
            new() { ScaledObjectRef = reference, MetricName = name }, Call, default)).MetricValues.Single();

    public IAsyncEnumerable<IsActiveResponse> Stream(ScaledObjectRef reference, CancellationToken cancellationToken) => _channel.StreamAsync(
        new Method<ScaledObjectRef, IsActiveResponse>(ExternalScaler.Service, "StreamIsActive", ScaledObjectRef.Parser, IsActiveResponse.Parser),
        reference, new(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Http.Dispose();
        await Host.DisposeAsync();
        await Storage.DisposeAsync();
    }

    private Task<TResponse> UnaryAsync<TResponse>(string method, ScaledObjectRef reference, Google.Protobuf.MessageParser<TResponse> parser)
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        _channel.UnaryAsync(new Method<ScaledObjectRef, TResponse>(ExternalScaler.Service, method, ScaledObjectRef.Parser, parser), reference, Call, default);
}
