using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Ebb.PrPreview.Rendering;

/// <summary>What confines a preview, beside what is in <see cref="Kubernetes.KubernetesModels"/>.</summary>
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1ResourceQuota))]
[JsonSerializable(typeof(V1LimitRange))]
[JsonSerializable(typeof(V1NetworkPolicy))]
[JsonSerializable(typeof(JsonElement))] // What managedFields hold.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PreviewModels : JsonSerializerContext;
