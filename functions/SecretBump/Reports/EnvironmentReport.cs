using System.Text.Json.Serialization;
using Ebb.Worker;

namespace Ebb.SecretBump.Reports;

/// <summary>What happened in one environment.</summary>
public sealed record EnvironmentReport
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>What was done.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary>The tag before.</summary>
    public string? OldTag { get; init; }

    /// <summary>The tag after, or with <c>dryRun</c> what it would be.</summary>
    public string? NewTag { get; init; }

    /// <summary>The version before.</summary>
    public string? OldVersion { get; init; }

    /// <summary>The version after.</summary>
    public string? NewVersion { get; init; }

    /// <summary>For an import, what becomes of each key; never a value.</summary>
    public IReadOnlyDictionary<string, KeyChange>? Keys { get; init; }

    /// <summary>The version that was restored because the rollout failed.</summary>
    public string? RolledBackTo { get; init; }

    /// <summary>The kind of failure, such as <c>pinned</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>Why it failed, or what it waits for.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>The steps with their times.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>Whose turn it is after a failure.</summary>
    [JsonIgnore]
    public FailureKind? Kind { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    [JsonIgnore]
    public bool IsTransient { get; init; }

    internal bool IsComplaint => Action is ChangeAction.Failed or ChangeAction.Skipped;
}

/// <summary>One step.</summary>
/// <param name="Name">What was done: <c>read</c>, <c>image</c>, <c>write</c>, <c>sync</c>, <c>restart</c>, <c>rollout</c>, <c>restore</c>.</param>
/// <param name="At">When it was done.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Detail">To what, and how it went.</param>
public sealed record Step(string Name, DateTimeOffset At, TimeSpan Took, string Detail);

/// <summary>What was done in an environment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeAction>))]
public enum ChangeAction
{
    /// <summary>It was as it should be.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>A new tag was written and is running.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>An earlier version was restored and is running.</summary>
    [JsonStringEnumMemberName("restored")]
    Restored,

    /// <summary>Keys were written.</summary>
    [JsonStringEnumMemberName("imported")]
    Imported,

    /// <summary>It was pinned.</summary>
    [JsonStringEnumMemberName("pinned")]
    Pinned,

    /// <summary>Its pin was taken away.</summary>
    [JsonStringEnumMemberName("unpinned")]
    Unpinned,

    /// <summary>It waits for a second key.</summary>
    [JsonStringEnumMemberName("awaiting-approval")]
    AwaitingApproval,

    /// <summary>It was not tried, because an environment before it failed or waits.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>It failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Would be <see cref="Updated"/>.</summary>
    [JsonStringEnumMemberName("would-update")]
    WouldUpdate,

    /// <summary>Would be <see cref="Restored"/>.</summary>
    [JsonStringEnumMemberName("would-restore")]
    WouldRestore,

    /// <summary>Would be <see cref="Imported"/>.</summary>
    [JsonStringEnumMemberName("would-import")]
    WouldImport,

    /// <summary>Would be <see cref="AwaitingApproval"/>.</summary>
    [JsonStringEnumMemberName("would-ask")]
    WouldAsk,
}

/// <summary>What becomes of a key.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyChange>))]
public enum KeyChange
{
    /// <summary>It is new.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>Its value is another.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>Its value is the same.</summary>
    [JsonStringEnumMemberName("same")]
    Same,
}
