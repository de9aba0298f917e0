using Ebb.Storage;

namespace Ebb.Worker.Invocations;

/// <summary>How a call ended.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Result">The return value as JSON, or a failed function's report.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record InvocationOutcome(OutcomeKind Kind, string? Result, RunError? Error)
{
    public static InvocationOutcome Succeeded(string? result) => new(OutcomeKind.Succeeded, result, null);

    public static InvocationOutcome Failed(OutcomeKind kind, string type, string message, string? report = null) =>
        new(kind, report, new RunError(type, message));

    public static InvocationOutcome Postponed(TimeSpan delay) => new(OutcomeKind.Postponed, null, null) { Delay = delay };

    /// <summary>How long a postponed message is to wait.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status an HTTP caller gets where the function gave no answer of its own.</summary>
    public int StatusCode { get; init; } = 500;
}

/// <summary>The ways a call can end.</summary>
internal enum OutcomeKind
{
    /// <summary>It returned.</summary>
    Succeeded,

    /// <summary>It failed; trying again may help.</summary>
    Failed,

    /// <summary>It failed, and says that trying again would not help.</summary>
    FailedForGood,

    /// <summary>Its message cannot be read, or its sender may not ask for that.</summary>
    BadMessage,

    /// <summary>The host cancelled it: shutdown, or the lease was lost. Not its fault.</summary>
    Cancelled,

    /// <summary>It has to wait for something and goes on later. No attempt was used up.</summary>
    Postponed,
}
