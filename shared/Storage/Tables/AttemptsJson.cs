using System.Text.Json.Serialization;

namespace Ebb.Storage.Tables;

/// <summary>Attempts as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<RunAttempt>))]
internal sealed partial class AttemptsJson : JsonSerializerContext;
