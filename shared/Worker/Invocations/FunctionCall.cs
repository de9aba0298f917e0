using System.Text.Json;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Invocations;

/// <summary>The innermost step: calls the function and, for HTTP, writes its answer.</summary>
internal static class FunctionCall
{
    /// <summary>The error type of a function that wrote a 5xx answer itself.</summary>
    public const string AnsweredWithFailure = "HttpStatus";

    public static async ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation)
    {
        var result = await invocation.Function.Definition.Invoker(invocation.CreateContext());
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
