using System.Text.Json.Serialization;

namespace Ebb.Contracts.Etcd;

/// <summary>What a drill found out about a stored snapshot.</summary>
public sealed record DrillReport
{
    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is, without secrets.</summary>
    public required string Store { get; init; }

    /// <summary>When the snapshot was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the drill began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The verdict.</summary>
    public required DrillOutcome Outcome { get; init; }

    /// <summary>Every check, in order, also those that could not be made.</summary>
    public required IReadOnlyList<DrillCheck> Checks { get; init; }

    /// <summary>The length of the stored object.</summary>
    public required long ObjectBytes { get; init; }

    /// <summary>What the database holds; null when it was not reached.</summary>
    public DrillDatabase? Database { get; init; }
}

/// <summary>A drill's verdict.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DrillOutcome>))]
public enum DrillOutcome
{
    /// <summary>The database in it is whole and sound, and is what the sidecar says.</summary>
    [JsonStringEnumMemberName("sound")]
    Sound,

    /// <summary>
    /// Nothing can be said about what is in it, because there was no identity to decrypt it: whether it can be restored is not known. The run fails.
    /// The object is what was stored, where a sidecar tells that.
    /// </summary>
    [JsonStringEnumMemberName("unopened")]
    Unopened,

    /// <summary>It cannot be restored, or is not what it should be.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>One check of a drill.</summary>
/// <param name="Name"><c>object</c>, <c>decryption</c>, <c>decompression</c>, <c>trailer</c>, <c>database</c>, <c>sidecar</c>, <c>restore</c>.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">What was found, or why it was not made.</param>
public sealed record DrillCheck(string Name, DrillResult Result, string Detail);

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DrillResult>))]
public enum DrillResult
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>Not as it should be.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Not made; the detail says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>What a snapshot's database holds.</summary>
public sealed record DrillDatabase
{
    /// <summary>Bytes of the database.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of it that are in no use; a defragmentation gives them back.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>The revision that an etcd restored from it has.</summary>
    public required long Revision { get; init; }

    /// <summary>Revisions up to this one were compacted; 0 for none.</summary>
    public required long CompactedRevision { get; init; }

    /// <summary>Stored revisions of keys, deletions included.</summary>
    public required long Revisions { get; init; }

    /// <summary>The keys that exist; null when there are too many to count (over seven million).</summary>
    public long? Keys { get; init; }

    /// <summary>The keys that exist by the first two segments of their path, such as <c>/registry/pods</c>, the largest first; at most 257.</summary>
    public IReadOnlyDictionary<string, long>? Prefixes { get; init; }

    /// <summary>Leases.</summary>
    public required long Leases { get; init; }

    /// <summary>What <c>etcdutl snapshot status</c> shows as its hash, hexadecimal.</summary>
    public required string Hash { get; init; }
}
