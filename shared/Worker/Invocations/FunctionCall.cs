using System.Text.Json;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Invocations;

/// <summary>
/// The end of the pipeline: calls the function through its app's middleware, sends its outputs, answers the request. An output is part of
/// the call: what cannot be sent fails the attempt, and neither is a request answered nor the message settled before it is safe.
/// </summary>
internal static class FunctionCall
{
    /// <summary>The error type of a run whose function answered a 5xx by itself.</summary>
    public const string AnsweredWithFailure = "HttpStatus";

    public static InvocationDelegate Using(IServiceProvider services)
    {
        var pipelines = services.GetRequiredService<AppPipelines>();
        var outputs = new OutputSending(services);
        return invocation => InvokeAsync(invocation, pipelines, outputs);
    }

    private static async ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation, AppPipelines pipelines, OutputSending outputs)
    {
        var context = invocation.CreateContext();
        await pipelines.Of(invocation.Function.App)(context);
        var result = context.Function.Result(context, context.Result);
        await outputs.SendAsync(invocation, result.Outputs ?? []);
        return invocation.TriggerData is HttpContext http
            ? await AnswerAsync(http, result)
            : InvocationOutcome.Succeeded(result.Json);
    }

    private static async ValueTask<InvocationOutcome> AnswerAsync(HttpContext http, FunctionResult result)
    {
        if (result.Http is not null)
        {
            await result.Http.ExecuteAsync(http);
        }
        else if (result.Json is not null)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(result.Json, http.RequestAborted);
        }
        else if (!http.Response.HasStarted && http.Response.StatusCode == StatusCodes.Status200OK)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return OutcomeOf(http.Response.StatusCode);
    }

    private static InvocationOutcome OutcomeOf(int status)
    {
        var result = JsonSerializer.Serialize(new HttpRunResult(status), WorkerJson.Default.HttpRunResult);
        return status < StatusCodes.Status500InternalServerError
            ? InvocationOutcome.Succeeded(result)
            : InvocationOutcome.Failed(OutcomeKind.Failed, AnsweredWithFailure, $"The function answered {status}.", result) with { StatusCode = status };
    }
}
