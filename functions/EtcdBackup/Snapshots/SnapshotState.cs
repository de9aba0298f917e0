using System.Text.Json.Serialization;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>What a listing says of a stored snapshot.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SnapshotState>))]
public enum SnapshotState
{
    /// <summary>It has a sidecar, was read back, and has the length that the sidecar says.</summary>
    [JsonStringEnumMemberName("verified")]
    Verified,

    /// <summary>It has no sidecar: a foreign one, or a run ended before it was verified.</summary>
    [JsonStringEnumMemberName("unverified")]
    Unverified,

    /// <summary>It is not what its sidecar says, the sidecar cannot be read, or a drill found it damaged.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,
}
