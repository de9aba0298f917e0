using System.Text.Json.Serialization;
using Ebb.Contracts.Etcd;

namespace Ebb.EtcdBackup.Drills;

/// <summary>What a drill by schedule did.</summary>
/// <param name="Drill">The drill; null when there is nothing to try out here.</param>
/// <param name="Off">Why there was none.</param>
public sealed record ScheduledDrill(DrillReport? Drill, string? Off = null);

/// <summary>JSON metadata, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScheduledDrill))]
internal sealed partial class DrillJson : JsonSerializerContext;
