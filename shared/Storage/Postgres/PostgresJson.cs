using System.Text.Json.Serialization;

namespace Ebb.Storage.Postgres;

/// <summary>Attempts as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<RunAttempt>))]
internal sealed partial class PostgresJson : JsonSerializerContext;
