using System.Text.Json.Serialization;
using Ebb.Contracts.Etcd;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.Contracts.Secrets;

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
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(Preview))]
[JsonSerializable(typeof(IReadOnlyList<Preview>))]
[JsonSerializable(typeof(SecretChange))]
[JsonSerializable(typeof(AppsRefresh))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(ImportedSecrets))]
[JsonSerializable(typeof(AppList))]
[JsonSerializable(typeof(AppView))]
[JsonSerializable(typeof(VersionList))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
public sealed partial class ContractsJson : JsonSerializerContext;
