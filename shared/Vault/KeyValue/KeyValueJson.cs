using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Vault.KeyValue;

internal sealed record ReadAnswer(ReadData? Data);

internal sealed record ReadData(JsonElement Data, VersionData? Metadata);

internal sealed record VersionAnswer(VersionData? Data);

internal sealed record VersionData(int Version, string? CreatedTime, string? DeletionTime, bool Destroyed, Dictionary<string, string>? CustomMetadata);

internal sealed record ListAnswer(ListData? Data);

internal sealed record ListData(string[]? Keys);

internal sealed record MetadataAnswer(MetadataData? Data);

internal sealed record MetadataData(
    int CurrentVersion, int? CurrentMetadataVersion, int OldestVersion, int MaxVersions, bool CasRequired, Dictionary<string, string>? CustomMetadata, Dictionary<string, VersionData>? Versions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReadAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(MetadataAnswer))]
internal sealed partial class KeyValueJson : JsonSerializerContext;
