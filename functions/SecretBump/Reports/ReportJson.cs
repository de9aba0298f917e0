using System.Text.Json.Serialization;

namespace Ebb.SecretBump.Reports;

/// <summary>JSON metadata of what runs return, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChangeReport))]
[JsonSerializable(typeof(RefreshReport))]
[JsonSerializable(typeof(HandedOver))]
internal sealed partial class ReportJson : JsonSerializerContext;
