using System.Text.Json.Serialization;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>One operation on the state: what was decided, with everything that makes applying it again give the same.</summary>
internal abstract record JournalEntry
{
    private protected JournalEntry(string op) => Op = op;

    /// <summary>The operation's name in the journal, and there the first property.</summary>
    [JsonPropertyOrder(-1)]
    public string Op { get; }
}

/// <summary>A message was accepted; with <paramref name="Supersedes"/> the waiting ones of its sequence key ended.</summary>
internal sealed record Enqueued(
    Run Run, string Body, DateTimeOffset VisibleAt, TimeSpan Delay, bool Supersedes, string? TraceParent, string? TraceState)
    : JournalEntry("enqueued");

/// <summary>A message was taken.</summary>
internal sealed record Leased(
    RunId Id, Guid Token, string Function, string Instance, DateTimeOffset At, TimeSpan Duration) : JournalEntry("leased");

/// <summary>A lease was extended.</summary>
internal sealed record Renewed(RunId Id, DateTimeOffset At, TimeSpan Duration) : JournalEntry("renewed");

/// <summary>A lease lapsed, or the process that held it ended.</summary>
internal sealed record Lapsed(RunId Id, DateTimeOffset At) : JournalEntry("lapsed");

/// <summary>An attempt ended.</summary>
internal sealed record Settled(
    RunId Id, SettledAs As, DateTimeOffset At, TimeSpan Delay, RunError? Error, string? Result) : JournalEntry("settled");

/// <summary>Poisoned messages went back to their queue: one run's, or all.</summary>
internal sealed record Redriven(string Queue, RunId? Id, DateTimeOffset At) : JournalEntry("redriven");

/// <summary>Waiting or poisoned messages were deleted.</summary>
internal sealed record Purged(string Queue, bool Poisoned, DateTimeOffset At) : JournalEntry("purged");

/// <summary>A timer's state was set.</summary>
internal sealed record ScheduleSet(ScheduleState State) : JournalEntry("scheduleSet");

/// <summary>An occurrence was claimed; <paramref name="Message"/> is null when its idempotency key was known.</summary>
internal sealed record ScheduleClaimed(ScheduleState State, Enqueued? Message) : JournalEntry("scheduleClaimed");

/// <summary>A document was written.</summary>
internal sealed record DocumentPut(Document Document) : JournalEntry("documentPut");

/// <summary>A document was deleted.</summary>
internal sealed record DocumentDeleted(string Key) : JournalEntry("documentDeleted");

/// <summary>A run without a message was stored.</summary>
internal sealed record RunRecorded(Run Run) : JournalEntry("runRecorded");

/// <summary>A run reported progress.</summary>
internal sealed record ProgressReported(RunId Id, string Progress) : JournalEntry("progress");

/// <summary>The <paramref name="Count"/> final runs that ended first were dropped.</summary>
internal sealed record RunsDropped(int Count) : JournalEntry("runsDropped");

/// <summary>The store was closed in order. It changes nothing; it proves that everything before it is durable.</summary>
internal sealed record Closed(DateTimeOffset At) : JournalEntry("closed");

/// <summary>Compaction: the numbers that go on counting.</summary>
internal sealed record Counters(long NextOrder, long NextEnd, long DocumentVersion) : JournalEntry("counters");

/// <summary>Compaction: a run as it was, with its message if it still has one.</summary>
internal sealed record RunRestored(Run Run, long Order, long? EndOrder, MessageSnapshot? Message) : JournalEntry("runRestored");

/// <summary>Compaction: a message as it was.</summary>
internal sealed record MessageSnapshot(
    string Body, long Order, DateTimeOffset VisibleAt, TimeSpan Delay, int DequeueCount, LeaseSnapshot? Lease,
    string? TraceParent, string? TraceState, bool Postponed = false);

/// <summary>Compaction: a lease as it was.</summary>
internal sealed record LeaseSnapshot(Guid Token, DateTimeOffset ExpiresAt, TimeSpan Duration);

/// <summary>The kinds of <see cref="Settlement"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettledAs>))]
internal enum SettledAs
{
    Succeeded,
    Failed,
    Retried,
    Poisoned,
    Released,
}
