using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>What uses a Secret, beside what is in <see cref="Kubernetes.KubernetesModels"/>.</summary>
[JsonSerializable(typeof(V1PodTemplateSpec))]
[JsonSerializable(typeof(JsonElement))] // What managedFields hold.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RolloutModels : JsonSerializerContext;
