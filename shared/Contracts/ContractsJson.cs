using System.Text.Json.Serialization;
using Ebb.Contracts.PullRequests;

namespace Ebb.Contracts;

/// <summary>JSON metadata of every message, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorRequest))]
[JsonSerializable(typeof(PullRequestEvent))]
public sealed partial class ContractsJson : JsonSerializerContext;
