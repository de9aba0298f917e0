using System.Text.Json.Nodes;
using Ebb.Kubernetes;

namespace Ebb.PrPreview.Rendering;

/// <summary>An object to apply.</summary>
internal sealed record RenderedObject(ResourceType Type, JsonObject Content)
{
    public ObjectReference Reference { get; } = new(
        Type, Content["metadata"]!["namespace"]?.GetValue<string>(), Content["metadata"]!["name"]!.GetValue<string>());
}
