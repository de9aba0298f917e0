using Ebb.Scaler.Metadata;
using Ebb.Scaler.Metrics;
using Ebb.Scaler.Protos;
using Ebb.Scaler.Reading;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Scaling;

/// <summary>The four methods that KEDA calls. Reads host storage, writes nothing, and remembers nothing that an answer depends on.</summary>
internal sealed class ExternalScalerService(
    KnownApps apps, ActivityReader activities, IStorageSource source, ScalerTimings timings, ScalerMetrics metrics, TimeProvider time,
    ILogger<ExternalScalerService> logger, CancellationToken stopping) : ExternalScaler.ExternalScalerBase
{
    // It travels in a header.
    private const int MaxDetailLength = 4096;

    public override async Task<IsActiveResponse> IsActive(ScaledObjectRef request, ServerCallContext context)
    {
        var app = Read(request);
        var activity = await ActivityAsync(app, context.CancellationToken);
        return new() { Result = activity.IsActive };
    }

    public override async Task StreamIsActive(ScaledObjectRef request, IServerStreamWriter<IsActiveResponse> responseStream, ServerCallContext context)
    {
        var app = Read(request);
        await context.WriteResponseHeadersAsync([]);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var stream = new ActivityStream(app, activities, source, timings, time, logger, async () =>
        {
            // A stream keeps its app known for as long as it is open.
            apps.Add(request, app);

            // Not with the token of the stop: the library breaks off a call whose message is under way then, and it is to end with OK.
            await responseStream.WriteAsync(new() { Result = true }, context.CancellationToken);
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

    public override Task<GetMetricSpecResponse> GetMetricSpec(ScaledObjectRef request, ServerCallContext context)
    {
        var app = Read(request);
        var spec = new MetricSpec { MetricName = app.MetricName, TargetSize = app.Target, TargetSizeFloat = app.Target };
        return Task.FromResult(new GetMetricSpecResponse { MetricSpecs = { spec } });
    }

    public override async Task<GetMetricsResponse> GetMetrics(GetMetricsRequest request, ServerCallContext context)
    {
        var app = Read(request.ScaledObjectRef ?? new());
        if (request.MetricName.Length > 0 && request.MetricName != app.MetricName)
        {
            throw Refusal(
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
            throw Refusal(StatusCode.InvalidArgument, error);
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
            throw Refusal(
                StatusCode.Unavailable, $"Whether {app.ScaledObject} has work cannot be told now, so its replicas stay as they are. {error.Message}");
        }
    }

    private static RpcException Refusal(StatusCode status, string detail) =>
        new(new Status(status, detail.Length > MaxDetailLength ? detail[..MaxDetailLength] + "…" : detail));
}
