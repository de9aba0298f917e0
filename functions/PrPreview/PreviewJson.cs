using System.Text.Json.Serialization;
using Ebb.PrPreview.Reaping;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview;

/// <summary>JSON metadata of reports and of what is kept, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PreviewReport))]
[JsonSerializable(typeof(ReapReport))]
[JsonSerializable(typeof(EnqueuedPreview))]
[JsonSerializable(typeof(RememberedPullRequest))]
[JsonSerializable(typeof(Places))]
internal sealed partial class PreviewJson : JsonSerializerContext;
