using Ebb.Scaler.Metrics;
using Microsoft.AspNetCore.Http;

namespace Ebb.Scaler.Hosting;

/// <summary><c>/metrics</c>, <c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
internal sealed class MetricsEndpoints(MetricsPage page, CancellationToken stopping)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET is answered here.\n");
        }

        return request.Path.Value switch
        {
            "/metrics" => MetricsAsync(context),
            "/healthz" or "/healthz/live" => AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),

            // Storage that is down does not count: then KEDA needs an answer that says so.
            "/healthz/ready" => stopping.IsCancellationRequested
                ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping\n")
                : AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, "There are /metrics, /healthz/live and /healthz/ready.\n"),
        };
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        var text = await page.WriteAsync(context.RequestAborted);
        context.Response.ContentType = PrometheusWriter.ContentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
