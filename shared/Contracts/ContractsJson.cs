using System.Text.Json.Serialization;
using Ebb.Contracts.Secrets;

namespace Ebb.Contracts;

/// <summary>JSON metadata of every message, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorRequest))]
[JsonSerializable(typeof(SecretChange))]
[JsonSerializable(typeof(AppsRefresh))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(ImportedSecrets))]
[JsonSerializable(typeof(AppList))]
[JsonSerializable(typeof(AppView))]
[JsonSerializable(typeof(VersionList))]
public sealed partial class ContractsJson : JsonSerializerContext;
