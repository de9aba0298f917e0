using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

/// <summary>
/// Records the run of a call that no queue carries. A message is its own run: settling it ends that run, so there is
/// nothing to do here.
/// </summary>
internal static partial class Recorded
{
    // The caller has its answer only when the call has ended, and must not wait for a store that it may not need.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    public static InvocationMiddleware Using(IRunStore runs, HostState state, ILogger logger) => next => async invocation =>
    {
        var outcome = await next(invocation);
        if (invocation.TriggerData is HttpContext http && !IsRefusal(http))
        {
            try
            {
                await runs.RecordAsync(RunOf(invocation, outcome, state), CancellationToken.None).AsTask().WaitAsync(LongestAnswer, state.Time);
            }
            catch (Exception e) when (e is HostStorageException or TimeoutException)
            {
                LogNotRecorded(logger, invocation.RunId, invocation.Function.Name, e);
            }
        }

        return outcome;
    };

    public static Run RunOf(Invocation invocation, InvocationOutcome outcome, HostState state)
    {
        var ended = state.Time.GetUtcNow();
        return new Run
        {
            Id = invocation.RunId,
            Function = invocation.Function.Name,
            Trigger = invocation.Trigger,
            State = outcome.Kind is OutcomeKind.Succeeded ? RunState.Succeeded : RunState.Failed,
            CreatedAt = invocation.StartedAt,
            StartedAt = invocation.StartedAt,
            EndedAt = ended,
            Attempts = [new RunAttempt(invocation.StartedAt, ended, state.InstanceId, outcome.Error)],
            TraceId = invocation.TraceId,
            Caller = invocation.Caller,
            Result = outcome.Result,
            Error = outcome.Error,
        };
    }

    // Strangers who knock at an anonymous function must not push the runs that matter out of the store.
    private static bool IsRefusal(HttpContext http) =>
        http.Features.Get<UnrecordedResult>() is not null
        || http.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;
}
