using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ebb.Kubernetes;
using k8s;
using k8s.Models;

namespace Ebb.PrPreview.Rendering;

/// <summary>An object to apply, as the JSON that is compared with what is there.</summary>
internal sealed record RenderedObject(ResourceType Type, JsonObject Content)
{
    public ObjectReference Reference { get; } = new(
        Type, Content["metadata"]!["namespace"]?.GetValue<string>(), Content["metadata"]!["name"]!.GetValue<string>());

    /// <summary>An object by its model.</summary>
    public static RenderedObject Of<T>(ResourceType type, T item, JsonTypeInfo<T> model)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        (item.ApiVersion, item.Kind) = (type.ApiVersion, type.Kind);
        return new(type, JsonSerializer.SerializeToNode(item, model)!.AsObject());
    }
}
