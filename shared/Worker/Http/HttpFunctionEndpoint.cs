using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Definitions;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>The URL of one HTTP function.</summary>
internal sealed class HttpFunctionEndpoint(
    HostedFunction function, InvocationDelegate pipeline, KeyGate gate, RequestLimiter limiter, HostState state)
{
    private readonly HttpTriggerDefinition _trigger = (HttpTriggerDefinition)function.Definition.Trigger;

    public async Task InvokeAsync(HttpContext http)
    {
        if (!gate.Admits(http.Request, _trigger, function.Name, out var caller))
        {
            await gate.RefuseAsync(http, "a key of this function");
            return;
        }

        if (!await limiter.TryEnterAsync(http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "1";
            await Problem.Of(StatusCodes.Status429TooManyRequests, "Too many requests are under way (maxOutstandingRequests in host.json); try again.")
                .WriteAsync(http);
            return;
        }

        try
        {
            await CallAsync(http, caller);
        }
        finally
        {
            limiter.Leave();
        }
    }

    private async Task CallAsync(HttpContext http, Caller? caller)
    {
        var invocation = new Invocation
        {
            Function = function,
            RunId = RunId.New(state.Time),
            Trigger = TriggerKind.Http,
            TriggerData = http,
            Cancellation = state.GraceOver,
            Parent = ParentOf(http.Request),
            Caller = caller?.Name,
            Scope = caller?.Scope ?? CallerScope.Everything,
            Services = http.RequestServices,
        };
        http.Features.Set(invocation);
        if (caller is not null)
        {
            http.Features.Set(caller);
        }

        var outcome = await pipeline(invocation);
        if (outcome.Error is null || outcome.Error.Type == FunctionCall.AnsweredWithFailure)
        {
            return;
        }

        if (http.Response.HasStarted)
        {
            // The caller must not take half an answer for a whole one.
            http.Abort();
            return;
        }

        http.Response.Clear();
        await Problem.Of(outcome.StatusCode, DetailOf(outcome), invocation.RunId.ToString()).WriteAsync(http);
    }

    // An exception's own words may hold what a stranger should not see; the run has them.
    private static string DetailOf(InvocationOutcome outcome) => outcome.StatusCode switch
    {
        StatusCodes.Status500InternalServerError => "The function failed. Its run says why.",
        StatusCodes.Status503ServiceUnavailable => "The work could not be accepted now. Try again.",
        StatusCodes.Status504GatewayTimeout => "The function was cancelled at its time limit.",
        _ => outcome.Error!.Message,
    };

    private static ActivityContext ParentOf(HttpRequest request) =>
        Activity.Current?.Context
        ?? (ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var parent) ? parent : default);
}
