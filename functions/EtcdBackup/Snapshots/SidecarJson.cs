using System.Text.Json.Serialization;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>JSON metadata of sidecars, generated at compile time; indented, because people read them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(Sidecar))]
internal sealed partial class SidecarJson : JsonSerializerContext;
