using Ebb.Storage;
using Ebb.Worker.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Invocations;

/// <summary>Turns what a call throws into its outcome. Nothing thrown by a function goes further out.</summary>
internal static partial class ErrorsMapped
{
    public static InvocationMiddleware Using(HostOptions options, ILogger logger) => next => async invocation =>
    {
        try
        {
            return await next(invocation);
        }
        catch (FunctionPostponedException e) when (CanWait(invocation) && !invocation.Cancellation.IsCancellationRequested)
        {
            invocation.ReportProgress(e.Message);
            return InvocationOutcome.Postponed(e.Delay);
        }
        catch (Exception e)
        {
            var outcome = Map(invocation, options, e);
            LogFailed(logger, invocation.Function.Name, outcome.Kind, outcome.Error!.Message, Trace(e));
            return outcome;
        }
    };

    // An HTTP caller waits for an answer, and RabbitMQ's broker knows no delay that counts no attempt.
    private static bool CanWait(Invocation invocation) => invocation.Trigger is not (TriggerKind.Http or TriggerKind.RabbitMQ);

    // A function's own verdict says it all; where it was thrown helps nobody.
    private static Exception? Trace(Exception exception) => exception is FunctionFailedException { InnerException: null } ? null : exception;

    private static InvocationOutcome Map(Invocation invocation, HostOptions options, Exception exception) => exception switch
    {
        FunctionFailedException { Retryable: false } final =>
            InvocationOutcome.Failed(OutcomeKind.FailedForGood, final.ErrorType, final.Message, final.Report) with { StatusCode = (int)final.Kind },
        MessageFormatException wrong =>
            InvocationOutcome.Failed(OutcomeKind.BadMessage, nameof(MessageFormatException), wrong.Message) with { StatusCode = StatusCodes.Status400BadRequest },
        CallerForbiddenException forbidden =>
            InvocationOutcome.Failed(OutcomeKind.BadMessage, nameof(FailureKind.Forbidden), forbidden.Message) with { StatusCode = StatusCodes.Status403Forbidden },
        _ when invocation.Cancellation.IsCancellationRequested =>
            InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "The host cancelled the run: it shuts down, or the run's lease was lost.")
                with
            { StatusCode = StatusCodes.Status503ServiceUnavailable },
        OperationCanceledException when invocation.TimedOut =>
            InvocationOutcome.Failed(OutcomeKind.Failed, "Timeout",
                $"Function '{invocation.Function.Name}' was cancelled at its time limit of {options.FunctionTimeout}. " +
                "Make its work smaller, or raise functionTimeout in host.json.")
                with
            { StatusCode = StatusCodes.Status504GatewayTimeout },
        FunctionFailedException failed =>
            InvocationOutcome.Failed(OutcomeKind.Failed, failed.ErrorType, failed.Message, failed.Report) with { StatusCode = (int)failed.Kind },
        BadHttpRequestException bad =>
            InvocationOutcome.Failed(OutcomeKind.Failed, nameof(BadHttpRequestException), bad.Message) with { StatusCode = bad.StatusCode },
        FunctionPostponedException =>
            InvocationOutcome.Failed(OutcomeKind.Failed, nameof(FunctionPostponedException),
                $"{Sentence.Of(exception.Message)} A function started by {invocation.Trigger} cannot be postponed: let it enqueue a message, and wait there."),
        HostStorageException storage =>
            InvocationOutcome.Failed(OutcomeKind.Failed, nameof(HostStorageException), storage.Message)
                with
            { StatusCode = StatusCodes.Status503ServiceUnavailable },
        _ => InvocationOutcome.Failed(OutcomeKind.Failed, exception.GetType().Name, exception.Message),
    };
}
