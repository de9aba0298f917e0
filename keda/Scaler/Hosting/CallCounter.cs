using System.Globalization;
using Ebb.Scaler.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ebb.Scaler.Hosting;

/// <summary>Counts calls by what their callers were told: also those that the library refuses before a service sees them.</summary>
internal sealed class CallCounter(ScalerMetrics metrics, TimeProvider time)
{
    private const string StatusHeader = "grpc-status";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } called)
            {
                metrics.Count(called.Method, StatusOf(context), time.GetElapsedTime(started));
            }
        }
    }

    // In the trailers, or in the headers when there was no message (PROTOCOL-HTTP2, Responses). A caller that is gone was told nothing.
    private static StatusCode StatusOf(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return StatusCode.Cancelled;
        }

        var told = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers[StatusHeader].ToString();
        told = told.Length > 0 ? told : context.Response.Headers[StatusHeader].ToString();
        return int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? (StatusCode)code : StatusCode.Unknown;
    }
}
