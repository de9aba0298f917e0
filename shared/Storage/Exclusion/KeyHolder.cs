using System.Text.Json.Serialization;

namespace Ebb.Storage.Exclusion;

/// <summary>What the document of a held key says.</summary>
/// <param name="Run">The run.</param>
/// <param name="Since">Since when; null in documents of versions that did not say.</param>
/// <param name="Until">Read by versions before this one, for which a lock of previews lapses then.</param>
/// <param name="Token">Another for each hold, also of the same run.</param>
internal sealed record KeyHolder(string Run, DateTimeOffset? Since, DateTimeOffset? Until, Guid Token);

/// <summary>JSON metadata, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyHolder))]
internal sealed partial class KeyJson : JsonSerializerContext;
