using System.Text.Json.Serialization;

namespace Ebb.SecretBump.Unsealing;

/// <summary>The report in JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UnsealReport))]
public sealed partial class UnsealJson : JsonSerializerContext;
