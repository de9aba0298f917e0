using System.Text.Json.Serialization;

namespace Ebb.Storage;

/// <summary>What is known of one invocation, from the moment it was accepted.</summary>
public sealed record Run
{
    /// <summary>The run's id; for work from a queue also the id of its message.</summary>
    public required RunId Id { get; init; }

    /// <summary>The function; null while a queued message has not been taken by one.</summary>
    public string? Function { get; init; }

    /// <summary>What started the run.</summary>
    public required TriggerKind Trigger { get; init; }

    /// <summary>The queue that carries the run's message, if one does.</summary>
    public string? Queue { get; init; }

    /// <summary>Where the run stands.</summary>
    public required RunState State { get; init; }

    /// <summary>When the run was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the run reached its final state.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The attempts so far, oldest first; attempts handed back unfinished are not among them. The newest 20 are kept.</summary>
    public IReadOnlyList<RunAttempt> Attempts { get; init; } = [];

    /// <summary>The W3C trace id, 32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>Who asked: the name of the function key, never its value.</summary>
    public string? Caller { get; init; }

    /// <summary>The idempotency key the run was accepted with.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The sequence key the run was accepted with.</summary>
    public string? SequenceKey { get; init; }

    /// <summary>The newest line of progress the function reported.</summary>
    public string? Progress { get; init; }

    /// <summary>The function's return value as JSON. A failed run may carry one too: its report.</summary>
    public string? Result { get; init; }

    /// <summary>Why the latest attempt failed.</summary>
    public RunError? Error { get; init; }

    /// <summary>The newer run that replaced this one while it waited.</summary>
    public RunId? SupersededBy { get; init; }

    /// <summary>True once the state can change no more (a redrive excepted).</summary>
    [JsonIgnore]
    public bool IsFinal => State is RunState.Succeeded or RunState.Failed or RunState.Poisoned or RunState.Superseded;
}

/// <summary>One attempt of a run.</summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended; null while it runs or when its process died.</param>
/// <param name="Instance">The host instance that made it.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record RunAttempt(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Instance, RunError? Error);

/// <summary>Why a run failed, in words for people. Holds no secret.</summary>
/// <param name="Type">The kind of failure: an exception's type name, or <c>LeaseLapsed</c>, <c>Timeout</c>.</param>
/// <param name="Message">What failed, why, and what to do.</param>
public sealed record RunError(string Type, string Message);

/// <summary>The states of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Accepted, waiting for its turn, its time or its retry.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>A function works on it.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>Failed for good, with nothing kept to redrive.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Failed too often; its message waits in the poison queue.</summary>
    [JsonStringEnumMemberName("poisoned")] Poisoned,

    /// <summary>Replaced by a newer message with the same sequence key before it started.</summary>
    [JsonStringEnumMemberName("superseded")] Superseded,
}

/// <summary>What starts a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TriggerKind>))]
public enum TriggerKind
{
    /// <summary>An HTTP request.</summary>
    [JsonStringEnumMemberName("http")] Http,

    /// <summary>A due timer.</summary>
    [JsonStringEnumMemberName("timer")] Timer,

    /// <summary>A queue message.</summary>
    [JsonStringEnumMemberName("queue")] Queue,

    /// <summary>A person: the admin endpoint or <c>ebb run</c>.</summary>
    [JsonStringEnumMemberName("manual")] Manual,

    /// <summary>A RabbitMQ message.</summary>
    [JsonStringEnumMemberName("rabbitMQ")] RabbitMQ,
}
