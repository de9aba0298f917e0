using System.Text.Json.Serialization;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts;

/// <summary>JSON metadata of every message, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorRequest))]
[JsonSerializable(typeof(PullRequestEvent))]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(Preview))]
[JsonSerializable(typeof(IReadOnlyList<Preview>))]
public sealed partial class ContractsJson : JsonSerializerContext;
