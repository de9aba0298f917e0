using System.Text.Json.Serialization;

namespace Ebb.SecretBump.Stores;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VersionNote))]
internal sealed partial class StoresJson : JsonSerializerContext;
