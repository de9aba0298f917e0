using System.Text.Json.Serialization;
using Ebb.Contracts.Etcd;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts;

/// <summary>JSON metadata of every message, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorRequest))]
[JsonSerializable(typeof(SnapshotRequest))]
[JsonSerializable(typeof(PruneRequest))]
[JsonSerializable(typeof(SnapshotsDocument))]
[JsonSerializable(typeof(DrillRequest))]
[JsonSerializable(typeof(DrillReport))]
[JsonSerializable(typeof(DrillsDocument))]
[JsonSerializable(typeof(PullRequestEvent))]
public sealed partial class ContractsJson : JsonSerializerContext;
