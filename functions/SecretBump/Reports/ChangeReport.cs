using System.Text.Json.Serialization;

namespace Ebb.SecretBump.Reports;

/// <summary>What a change did, environment by environment. Holds tags and names of keys, no value.</summary>
public sealed record ChangeReport
{
    /// <summary><c>bump</c>, <c>rollback</c>, <c>pin</c>, <c>unpin</c>, <c>approve</c> or <c>import</c>.</summary>
    public required string Change { get; init; }

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The outcome of the whole.</summary>
    public required ChangeOutcome Outcome { get; init; }

    /// <summary>The tag that was asked for.</summary>
    public string? Tag { get; init; }

    /// <summary>Who asked: the name of a function key.</summary>
    public string? By { get; init; }

    /// <summary>Who approved.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>The build.</summary>
    public string? Build { get; init; }

    /// <summary>The commit.</summary>
    public string? Commit { get; init; }

    /// <summary>True when nothing was written.</summary>
    public bool DryRun { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The environments, in the order they were taken.</summary>
    public required IReadOnlyList<EnvironmentReport> Environments { get; init; }
}

/// <summary>The outcome of a change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeOutcome>))]
public enum ChangeOutcome
{
    /// <summary>All is as it was asked for, and something had to be changed for that.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>All was as it was asked for already.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>At least one environment waits for a second key; the others are as it was asked for.</summary>
    [JsonStringEnumMemberName("awaitingApproval")]
    AwaitingApproval,

    /// <summary>At least one environment is not as it was asked for, and at least one is.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial,

    /// <summary>No environment is as it was asked for.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
