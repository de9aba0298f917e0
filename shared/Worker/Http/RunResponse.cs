using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Answers with a run, in a way a pipeline can fail on.</summary>
internal static class RunResponse
{
    public static string UrlOf(RunId id) => $"{ReservedRoutes.Runs}/{id}";

    /// <summary>
    /// Waits for the run and answers 200 when it succeeded, 500 or its <see cref="FailureKind"/> when it failed or was poisoned, 409 when
    /// it was superseded, and 202 with the run as it is when the time is over, the limit of the function that waits is, or the host stops.
    /// </summary>
    public static async Task WaitAsync(
        HttpContext http, IRunStore runs, HostState state, RunId id, TimeSpan wait, Func<CancellationToken, ValueTask<IResult>>? then = null)
    {
        var limit = http.Features.Get<Invocation>()?.Token ?? CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, state.Stopping, limit);
        Run? run;
        try
        {
            run = await runs.WaitAsync(id, wait, either.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            run = await runs.GetAsync(id, http.RequestAborted);
        }

        if (run is { State: RunState.Succeeded } && then is not null)
        {
            http.Response.Headers.Location = UrlOf(run.Id);
            await (await then(http.RequestAborted)).ExecuteAsync(http);
            return;
        }

        await (run is null ? Unknown(http, id.ToString()) : WriteAsync(http, StatusOf(run), run));
    }

    public static Task WriteAsync(HttpContext http, int status, Run run)
    {
        http.Response.Headers.Location = UrlOf(run.Id);
        return JsonAnswer.WriteAsync(http, status, RunView.Of(run), WorkerJson.Default.RunView);
    }

    public static Task Unknown(HttpContext http, string id) =>
        Problem.Of(StatusCodes.Status404NotFound, $"There is no run '{id}', or it is no longer kept.").WriteAsync(http);

    private static int StatusOf(Run run) => run.State switch
    {
        RunState.Succeeded => StatusCodes.Status200OK,
        RunState.Failed or RunState.Poisoned => StatusOf(run.Error),
        RunState.Superseded => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status202Accepted,
    };

    private static int StatusOf(RunError? error) =>
        Enum.TryParse<FailureKind>(error?.Type, out var kind) && Enum.IsDefined(kind) ? (int)kind : StatusCodes.Status500InternalServerError;
}
