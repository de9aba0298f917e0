using System.Text.Json.Serialization;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Commands;

/// <summary>A snapshot as <c>etcd list --json</c> prints it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its key in the store.</param>
/// <param name="Time">When it was taken.</param>
/// <param name="Bytes">The object's length.</param>
/// <param name="State">Whether it can be relied on.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Sidecar">Everything that is known of it.</param>
internal sealed record ListedSnapshot(string Name, string Key, DateTimeOffset Time, long Bytes, SnapshotState State, string? Problem, Sidecar? Sidecar)
{
    public static ListedSnapshot Of(StoredSnapshot snapshot) =>
        new(snapshot.Name.Text, snapshot.Key, snapshot.Name.Time, snapshot.Bytes, snapshot.State, snapshot.Problem, snapshot.Sidecar);
}

/// <summary>JSON metadata, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ListedSnapshot>))]
internal sealed partial class ListedSnapshotJson : JsonSerializerContext;
