using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Ebb.Worker.SampleApp;

/// <summary>Middleware as any function app may have it: it stamps calls, replaces one result and refuses one call.</summary>
public sealed class Stamp(TimeProvider time) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.Items["stamp"] = $"stamped {time.GetUtcNow() > DateTimeOffset.UnixEpoch}";
        switch (context.BindingContext.BindingData.GetValueOrDefault("what"))
        {
            case "refused":
                context.GetInvocationResult().Value = Results.StatusCode(StatusCodes.Status418ImATeapot);
                return;
            case "replaced":
                await next(context);
                var before = context.GetInvocationResult().Value;
                context.GetInvocationResult().Value = Results.Text($"instead of a {before!.GetType().Name}");
                return;
            default:
                await next(context);
                return;
        }
    }
}
