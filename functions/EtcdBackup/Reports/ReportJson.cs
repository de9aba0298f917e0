using System.Text.Json.Serialization;
using Ebb.EtcdBackup.Retention;

namespace Ebb.EtcdBackup.Reports;

/// <summary>JSON metadata of the reports, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(PruneReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
