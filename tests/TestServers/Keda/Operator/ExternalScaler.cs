using System.Runtime.CompilerServices;
using Ebb.TestServers.Keda.Grpc;
using Ebb.TestServers.Keda.Grpc.Messages;

namespace Ebb.TestServers.Keda.Operator;

/// <summary>A trigger of type external or external-push.</summary>
internal sealed class ExternalScaler : IScaler
{
    private const string Service = "/externalscaler.ExternalScaler/";
    private readonly GrpcChannel _channel;
    private readonly ScaledObjectRef _reference;

    public ExternalScaler(ScaledObject scaledObject, ScaleTrigger trigger)
    {
        CanPush = trigger.Type == "external-push";
        if (!trigger.Metadata.TryGetValue("scalerAddress", out var addresses))
            throw new FormatException($"ScaledObject {scaledObject.Name}: a trigger of type {trigger.Type} has no scalerAddress.");
        _channel = new GrpcChannel(addresses, trigger.Metadata.GetValueOrDefault("enableTLS") == "true");
        _reference = new ScaledObjectRef { Name = scaledObject.Name, Namespace = scaledObject.Namespace };
        foreach (var (name, value) in trigger.Metadata)
            _reference.ScalerMetadata.Add(name, value);
    }

    public bool CanPush { get; }

    public async Task<IReadOnlyList<(string Name, double Target)>> GetMetricSpecAsync(CancellationToken cancellationToken)
    {
        var answer = await _channel.CallAsync(Service + "GetMetricSpec", _reference, GetMetricSpecResponse.Parser, cancellationToken);
        if (answer.MetricSpecs.Count == 0)
            throw new GrpcException(GrpcException.Unknown, "no metric specs returned");
        return [.. answer.MetricSpecs.Select(spec => (spec.MetricName, spec.TargetSizeFloat > 0 ? spec.TargetSizeFloat : spec.TargetSize))];
    }

    public async Task<(double Value, bool Active)> GetMetricsAndActivityAsync(string metric, CancellationToken cancellationToken)
    {
        var request = new GetMetricsRequest { ScaledObjectRef = _reference, MetricName = metric };
        var values = await _channel.CallAsync(Service + "GetMetrics", request, GetMetricsResponse.Parser, cancellationToken);
        var activity = await _channel.CallAsync(Service + "IsActive", _reference, IsActiveResponse.Parser, cancellationToken);
        return (values.MetricValues.Sum(value => value.MetricValueFloat > 0 ? value.MetricValueFloat : value.MetricValue_), activity.Result);
    }

    public async IAsyncEnumerable<bool> PushesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var push in _channel.StreamAsync(Service + "StreamIsActive", _reference, IsActiveResponse.Parser, cancellationToken))
            yield return push.Result;
    }

    public void Dispose() => _channel.Dispose();

}
