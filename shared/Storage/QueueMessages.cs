using Ebb.Contracts;

namespace Ebb.Storage;

/// <summary>A message to accept.</summary>
public sealed record EnqueueRequest
{
    /// <summary>The greatest length of <see cref="Body"/> in UTF-8 bytes: 4 MiB.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>The queue: 1 to 128 letters, digits and <c>- _ . $</c>. Names that begin with <c>$</c> are the runtime's own.</summary>
    public required string Queue { get; init; }

    /// <summary>The body, JSON by convention.</summary>
    public required string Body { get; init; }

    /// <summary>What started the run that this message is.</summary>
    public TriggerKind Trigger { get; init; } = TriggerKind.Queue;

    /// <summary>The function the message is meant for, where that is known.</summary>
    public string? Function { get; init; }

    /// <summary>How long the message stays invisible. Default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A second message with this key on the same queue yields the first run for as long as that run is kept.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Messages with this key on the same queue run one at a time, in order; what is postponed (<see cref="Settlement.Released"/>) is passed.</summary>
    public string? SequenceKey { get; init; }

    /// <summary>Ends the messages with the same sequence key that still wait, as superseded by this one. Running ones go on.</summary>
    public bool SupersedesWaiting { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the caller.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the caller.</summary>
    public string? TraceState { get; init; }

    /// <summary>Who asked; never a secret.</summary>
    public string? Caller { get; init; }

    /// <summary>The message of a command: its queue, its body, and the sequence it belongs to.</summary>
    public static EnqueueRequest For<T>(Command<T> command, T request)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(command);
        return new() { Queue = command.Queue, Body = command.Write(request), SequenceKey = command.SequenceKey(request) };
    }
}

/// <summary>The answer to an enqueue.</summary>
/// <param name="RunId">The run: the new one, or the first with the same idempotency key.</param>
/// <param name="Created">False when the idempotency key was known.</param>
public readonly record struct EnqueueResult(RunId RunId, bool Created);

/// <summary>Asks for messages.</summary>
public sealed record DequeueRequest
{
    /// <summary>The queue to take from.</summary>
    public required string Queue { get; init; }

    /// <summary>The function that will run them; recorded in the run.</summary>
    public required string Function { get; init; }

    /// <summary>The host instance that will run them; recorded in the attempt.</summary>
    public required string Instance { get; init; }

    /// <summary>How many at most, from 1.</summary>
    public required int MaxCount { get; init; }

    /// <summary>How long each is leased.</summary>
    public required TimeSpan LeaseDuration { get; init; }
}

/// <summary>A message under a lease.</summary>
public sealed record LeasedMessage
{
    /// <summary>The run that the message is.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The queue it came from.</summary>
    public required string Queue { get; init; }

    /// <summary>The body.</summary>
    public required string Body { get; init; }

    /// <summary>Which attempt this is, from 1. Attempts handed back with <see cref="Settlement.Released"/> do not count.</summary>
    public required int DequeueCount { get; init; }

    /// <summary>Names this lease; a later lease of the same message has another.</summary>
    public required Guid LeaseToken { get; init; }

    /// <summary>When the lease lapses unless it is renewed.</summary>
    public required DateTimeOffset LeaseExpiresAt { get; init; }

    /// <summary>When the message was accepted.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>What started the run.</summary>
    public required TriggerKind Trigger { get; init; }

    /// <summary>The sequence key, if it has one.</summary>
    public string? SequenceKey { get; init; }

    /// <summary>The W3C <c>traceparent</c> it was accepted with.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> it was accepted with.</summary>
    public string? TraceState { get; init; }

    /// <summary>Who asked.</summary>
    public string? Caller { get; init; }
}

/// <summary>How an attempt ended.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>Done; the message is deleted.</summary>
    /// <param name="Result">The return value as JSON, if there is one.</param>
    public sealed record Succeeded(string? Result) : Settlement;

    /// <summary>Failed for good; the message is deleted.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Result">A report as JSON, if there is one.</param>
    public sealed record Failed(RunError Error, string? Result = null) : Settlement;

    /// <summary>Failed; the message becomes visible again after a delay.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Delay">How long it stays invisible.</param>
    /// <param name="Result">A report as JSON, if there is one.</param>
    public sealed record Retried(RunError Error, TimeSpan Delay, string? Result = null) : Settlement;

    /// <summary>Failed too often; the message moves to the poison queue.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Result">A report as JSON, if there is one.</param>
    public sealed record Poisoned(RunError Error, string? Result = null) : Settlement;

    /// <summary>Handed back unfinished (a shutdown, or work that has to wait for something): the attempt is not counted.</summary>
    /// <param name="Delay">
    /// How long it stays invisible. Default not at all. Until then the next message of its sequence passes it if that can run sooner, also one
    /// that is accepted later.
    /// </param>
    public sealed record Released(TimeSpan Delay = default) : Settlement;
}

/// <summary>The state of one queue.</summary>
/// <param name="Ready">Messages that could be taken now (of those with one sequence key only the first counts as ready).</param>
/// <param name="Waiting">Messages that wait for their time or for their predecessor.</param>
/// <param name="Running">Messages under a lease.</param>
/// <param name="Poisoned">Messages in the poison queue.</param>
/// <param name="OldestReadyAt">When the oldest ready message was accepted.</param>
public sealed record QueueCounts(int Ready, int Waiting, int Running, int Poisoned, DateTimeOffset? OldestReadyAt);

/// <summary>A message looked at without being taken.</summary>
/// <param name="RunId">The run that the message is.</param>
/// <param name="Body">The body.</param>
/// <param name="EnqueuedAt">When it was accepted.</param>
/// <param name="VisibleAt">When it can be taken at the earliest.</param>
/// <param name="DequeueCount">How many attempts were made.</param>
/// <param name="State">queued, running or poisoned.</param>
/// <param name="Error">Why the latest attempt failed.</param>
public sealed record PeekedMessage(
    RunId RunId, string Body, DateTimeOffset EnqueuedAt, DateTimeOffset VisibleAt, int DequeueCount, RunState State, RunError? Error);
