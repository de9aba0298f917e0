using System.Text.Json.Serialization;

namespace Ebb.Contracts;

/// <summary>JSON metadata of every message, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorRequest))]
public sealed partial class ContractsJson : JsonSerializerContext;
