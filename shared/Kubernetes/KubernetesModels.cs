using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>
/// The models of KubernetesClient that everybody reads and writes. Only what is named gets into a native binary, where the library's own context
/// brings every model there is (10 MB): an app that needs others names them in a context of its own, with the same options.
/// </summary>
[JsonSerializable(typeof(V1ObjectMeta))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(JsonElement))] // What managedFields hold.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class KubernetesModels : JsonSerializerContext
{
    /// <summary>Reads a part of an object as a model. The error names the object and the field, never what is in it.</summary>
    internal static T Read<T>(JsonNode? json, JsonTypeInfo<T> model, string what)
        where T : class, new()
    {
        try
        {
            return json is null ? new T() : json.Deserialize(model) ?? new T();
        }
        catch (JsonException exception)
        {
            // Without it: who knows what the next version quotes.
            throw new KubernetesException($"{what} is no {typeof(T).Name} at {exception.Path}: a value there is of another type or form.", KubernetesFault.Protocol);
        }
    }
}
