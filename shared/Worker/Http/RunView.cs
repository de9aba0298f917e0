using System.Text.Json.Serialization;
using Ebb.Storage;
using Ebb.Worker.Json;

namespace Ebb.Worker;

/// <summary>A run as <c>/api/runs</c> and <c>ebb run</c> show it. Times are ISO 8601; members that have no value are left out.</summary>
public sealed record RunView
{
    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>The function; missing while none has taken the message.</summary>
    public string? Function { get; init; }

    /// <summary><c>http</c>, <c>timer</c>, <c>queue</c> or <c>manual</c>.</summary>
    public required TriggerKind Trigger { get; init; }

    /// <summary>The queue that carries the run.</summary>
    public string? Queue { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>poisoned</c> or <c>superseded</c>; the last four are final.</summary>
    public required RunState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The attempts, oldest first.</summary>
    public required IReadOnlyList<RunAttempt> Attempts { get; init; }

    /// <summary>The W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The name of the key that asked for it.</summary>
    public string? Caller { get; init; }

    /// <summary>The idempotency key it was accepted with.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The sequence key it was accepted with.</summary>
    public string? SequenceKey { get; init; }

    /// <summary>The newest line of progress.</summary>
    public string? Progress { get; init; }

    /// <summary>What the function returned, or a failed run's report: embedded JSON, not a string.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Result { get; init; }

    /// <summary>Why the latest attempt failed.</summary>
    public RunError? Error { get; init; }

    /// <summary>The newer run that replaced this one while it waited.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>The view of a run.</summary>
    public static RunView Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunView
        {
            Id = run.Id.ToString(),
            Function = run.Function,
            Trigger = run.Trigger,
            Queue = run.Queue,
            State = run.State,
            CreatedAt = run.CreatedAt,
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
            Attempts = run.Attempts,
            TraceId = run.TraceId,
            Caller = run.Caller,
            IdempotencyKey = run.IdempotencyKey,
            SequenceKey = run.SequenceKey,
            Progress = run.Progress,
            Result = run.Result,
            Error = run.Error,
            SupersededBy = run.SupersededBy?.ToString(),
        };
    }
}
