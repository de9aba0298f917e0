using System.Text.Json.Serialization;

namespace Ebb.ImageMirror.Reports;

/// <summary>JSON metadata of the report, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
