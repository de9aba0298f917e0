using Ebb.Storage;
using Ebb.Worker.Http;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker;

/// <summary>The answers of a door: an HTTP function that only accepts work.</summary>
public static class RunAnswers
{
    /// <summary>
    /// Accepts the message, then answers 202 with <c>{"id":…,"status":"queued"}</c> and the run's <c>Location</c>; never
    /// before the message is durable. With <c>?wait=30s</c> (at most 230 s) it waits and answers 200 with the run when it
    /// succeeded, 500 when it failed or was poisoned, 409 when it was superseded, 202 with the run so far otherwise. Caller
    /// and trace context come from the request; so does the idempotency key (header <c>Idempotency-Key</c>) unless the
    /// message has one; a key that another caller has used is 409.
    /// </summary>
    public static IResult Enqueued(EnqueueRequest message) => new EnqueuedResult(message);

    /// <summary>
    /// Accepts the message, waits for its run as long as <c>?wait=</c> says, and then answers what <paramref name="answer"/> gives. A run
    /// that failed, or is not over by then, is the answer itself, as with <see cref="Enqueued"/>; without <c>?wait=</c> it is 202.
    /// </summary>
    public static IResult AfterRun(EnqueueRequest message, Func<CancellationToken, ValueTask<IResult>> answer) => new EnqueuedResult(message, answer);

    /// <summary>An error answer as <c>application/problem+json</c>.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong with which value, and what would be right.</param>
    public static IResult Problem(int status, string detail) => new ProblemResult(status, detail);

    /// <summary>
    /// The same answer, and no run of it is recorded: for what strangers can ask as often as they like, and for what means nothing, so
    /// that neither pushes the runs that matter out of the store.
    /// </summary>
    public static IResult Unrecorded(IResult answer) => new UnrecordedResult(answer);
}
