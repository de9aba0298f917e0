using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>Get and list (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).</summary>
internal static class ReadEndpoint
{
    public static JsonObject Get(Cluster cluster, ApiRequest request) =>
        cluster.Store.Find(request.Resource!, request.Namespace, request.Name!) ?? throw ApiException.NotFound(request.Resource!, request.Name!);

    public static JsonObject List(Cluster cluster, ApiRequest request)
    {
        var resource = request.Resource!;
        var selector = Selector.Of(request);
        var all = cluster.Store.List(resource, request.Namespace).Where(selector.Matches).ToList();
        var (version, first) = Continue(cluster, request);
        var limit = int.TryParse(request.Query("limit"), out var asked) && asked > 0 ? asked : int.MaxValue;
        var page = all.SkipWhile(item => first is not null && string.CompareOrdinal(Key(item), first) < 0).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString() };
        if (page.Count > limit)
        {
            metadata["continue"] = Token(version, Key(page[limit]));
            metadata["remainingItemCount"] = page.Count - limit;
        }

        return new JsonObject
        {
            ["kind"] = resource.Kind + "List",
            ["apiVersion"] = resource.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Take(limit).Select(item => (JsonNode)Item(resource, item))]),
        };
    }

    private static JsonObject Item(ApiResource resource, JsonObject item)
    {
        var copy = item.Copy();
        if (!resource.IsCustom)
        {
            // Items of built-in types do not say what they are; those of custom resources do.
            copy.Remove("kind");
            copy.Remove("apiVersion");
        }

        return copy;
    }

    private static (long Version, string? First) Continue(Cluster cluster, ApiRequest request)
    {
        if (request.Query("continue") is not { Length: > 0 } token)
        {
            return (cluster.Store.Version, null);
        }

        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('\n', 2);
        return long.Parse(parts[0]) < cluster.Store.Compacted
            ? throw ApiException.Gone("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.")
            : (long.Parse(parts[0]), parts[1]);
    }

    private static string Key(JsonObject item) => $"{item.Namespace()}\u0000{item.Name()}";

    private static string Token(long version, string first) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version}\n{first}"));
}
