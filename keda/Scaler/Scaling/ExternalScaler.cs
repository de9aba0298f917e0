using Ebb.Grpc;
using Ebb.Scaler.Metadata;
using Ebb.Scaler.Metrics;
using Ebb.Scaler.Protos;
using Ebb.Scaler.Reading;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

/// <summary>The four methods that KEDA calls. Reads host storage, writes nothing, and remembers nothing that an answer depends on.</summary>
internal sealed class ExternalScaler(
    KnownApps apps, ActivityReader activities, IStorageSource source, ScalerTimings timings, ScalerMetrics metrics, TimeProvider time,
    ILogger<ExternalScaler> logger, CancellationToken stopping)
{
    public const string Service = "externalscaler.ExternalScaler";

    private static readonly Method<ScaledObjectRef, IsActiveResponse> IsActiveMethod =
        new(Service, "IsActive", ScaledObjectRef.Parser, IsActiveResponse.Parser);

    private static readonly Method<ScaledObjectRef, IsActiveResponse> StreamIsActiveMethod =
        new(Service, "StreamIsActive", ScaledObjectRef.Parser, IsActiveResponse.Parser);

    private static readonly Method<ScaledObjectRef, GetMetricSpecResponse> GetMetricSpecMethod =
        new(Service, "GetMetricSpec", ScaledObjectRef.Parser, GetMetricSpecResponse.Parser);

    private static readonly Method<GetMetricsRequest, GetMetricsResponse> GetMetricsMethod =
        new(Service, "GetMetrics", GetMetricsRequest.Parser, GetMetricsResponse.Parser);

    public void AddTo(GrpcServer server) => server
        .AddUnary(IsActiveMethod, IsActiveAsync)
        .AddServerStreaming(StreamIsActiveMethod, StreamIsActiveAsync)
        .AddUnary(GetMetricSpecMethod, GetMetricSpecAsync)
        .AddUnary(GetMetricsMethod, GetMetricsAsync);

    private async Task<IsActiveResponse> IsActiveAsync(ScaledObjectRef request, ServerCallContext context)
    {
        var app = Read(request);
        var activity = await ActivityAsync(app, context.CancellationToken);
        return new() { Result = activity.IsActive };
    }

    private async Task StreamIsActiveAsync(ScaledObjectRef request, IServerStreamWriter<IsActiveResponse> responses, ServerCallContext context)
    {
        var app = Read(request);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var stream = new ActivityStream(app, activities, source, timings, time, logger, async cancellationToken =>
        {
            // A stream keeps its app known for as long as it is open.
            apps.Add(request, app);
            await responses.WriteAsync(new() { Result = true }, cancellationToken);
            metrics.CountPush();
        });
        metrics.StreamOpened();
        try
        {
            await stream.RunAsync(ends.Token);
        }
        finally
        {
            metrics.StreamClosed();
        }

        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private Task<GetMetricSpecResponse> GetMetricSpecAsync(ScaledObjectRef request, ServerCallContext context)
    {
        var app = Read(request);
        var spec = new MetricSpec { MetricName = app.MetricName, TargetSize = app.Target, TargetSizeFloat = app.Target };
        return Task.FromResult(new GetMetricSpecResponse { MetricSpecs = { spec } });
    }

    private async Task<GetMetricsResponse> GetMetricsAsync(GetMetricsRequest request, ServerCallContext context)
    {
        var app = Read(request.ScaledObjectRef ?? new());
        if (request.MetricName.Length > 0 && request.MetricName != app.MetricName)
        {
            throw new RpcException(
                StatusCode.InvalidArgument,
                $"ScaledObject {app.ScaledObject} has no metric '{Shown.Of(request.MetricName)}'; its metric is '{app.MetricName}'.");
        }

        var activity = await ActivityAsync(app, context.CancellationToken);
        var value = new MetricValue { MetricName = app.MetricName, MetricValue_ = activity.Metric, MetricValueFloat = activity.Metric };
        return new() { MetricValues = { value } };
    }

    private ScaledApp Read(ScaledObjectRef reference)
    {
        if (apps.Find(reference) is { } known)
        {
            return known;
        }

        if (!MetadataReader.TryRead(reference, out var app, out var error))
        {
            throw new RpcException(StatusCode.InvalidArgument, error);
        }

        apps.Add(reference, app);
        return app;
    }

    private async ValueTask<Activity> ActivityAsync(ScaledApp app, CancellationToken cancellationToken)
    {
        try
        {
            return await activities.ReadAsync(app, timings.PollAge, cancellationToken);
        }
        catch (StorageUnavailableException error)
        {
            throw new RpcException(
                StatusCode.Unavailable, $"Whether {app.ScaledObject} has work cannot be told now, so its replicas stay as they are. {error.Message}", error);
        }
    }
}
