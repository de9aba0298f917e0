using System.Text.Json.Nodes;

namespace Ebb.Kubernetes;

/// <summary>Lists page by page (Kubernetes API Concepts, "Retrieving large results sets in chunks").</summary>
internal static class ObjectLister
{
    private const int MaxPageBytes = 64 * 1024 * 1024;
    private const int MaxRestarts = 3;

    // A server may answer with empty pages without end.
    private const int MaxPages = 10_000;

    public static async Task<ObjectList> ListAsync(
        KubernetesTransport transport, ResourceType type, string? @namespace, ListOptions options, CancellationToken cancellationToken)
    {
        for (var restart = 0; ; restart++)
        {
            try
            {
                return await ReadPagesAsync(transport, type, @namespace, options, cancellationToken);
            }
            catch (KubernetesException exception) when (exception.Fault == KubernetesFault.Expired && restart < MaxRestarts)
            {
                // A page took longer than the server keeps versions (410). What was read is of a moment that is gone.
            }
        }
    }

    private static async Task<ObjectList> ReadPagesAsync(
        KubernetesTransport transport, ResourceType type, string? @namespace, ListOptions options, CancellationToken cancellationToken)
    {
        var items = new List<KubernetesObject>();
        string? next = null;
        for (var pages = 1; ; pages++)
        {
            var page = await transport.SendAsync(Request(type, @namespace, options, next), cancellationToken);
            var metadata = page.Child("metadata");
            items.AddRange(page.Items("items").OfType<JsonObject>().Select(item => Item(item, type)));
            if (items.Count > options.MaxItems || pages > MaxPages)
            {
                throw new KubernetesException(
                    $"{transport.Options} answers with more than {options.MaxItems} {type}, or without end; narrow the selection or raise the limit.", KubernetesFault.Protocol);
            }

            next = metadata.Text("continue") is { Length: > 0 } token ? token : null;
            if (next is null)
            {
                return new ObjectList(items, metadata.Text("resourceVersion") ?? "");
            }
        }
    }

    private static KubernetesRequest Request(ResourceType type, string? @namespace, ListOptions options, string? next)
    {
        var path = KubernetesPath.WithQuery(
            KubernetesPath.Of(type, @namespace),
            ("limit", Math.Clamp(options.PageSize, 1, 5000).ToString()), ("continue", next), ("labelSelector", options.LabelSelector), ("fieldSelector", options.FieldSelector));
        return new KubernetesRequest(HttpMethod.Get, path, "list", type) { Namespace = @namespace, MaxAnswerBytes = MaxPageBytes };
    }

    // The items of a list do not say their kind for core types.
    private static KubernetesObject Item(JsonObject item, ResourceType type)
    {
        if (!item.ContainsKey("kind"))
        {
            item["apiVersion"] = type.ApiVersion;
            item["kind"] = type.Kind;
        }

        return new KubernetesObject(item);
    }
}
