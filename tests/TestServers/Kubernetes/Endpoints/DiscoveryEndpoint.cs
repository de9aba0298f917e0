using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>Which types are served (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api, unaggregated).</summary>
internal static class DiscoveryEndpoint
{
    public static JsonObject? Answer(string path, ApiResources resources) => path.Trim('/').Split('/') switch
    {
        ["version"] => new JsonObject { ["major"] = "1", ["minor"] = "32", ["gitVersion"] = "v1.32.0" },
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        ["apis"] => new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. resources.All.Where(resource => resource.Group.Length > 0).GroupBy(resource => resource.Group).Select(group => (JsonNode)Group(group.Key, group))]),
        },
        ["api", var version] => List("", version, resources),
        ["apis", var group] when resources.All.Any(resource => resource.Group == group) => Group(group, resources.All.Where(resource => resource.Group == group)),
        ["apis", var group, var version] => List(group, version, resources),
        _ => null,
    };

    private static JsonObject Group(string name, IEnumerable<ApiResource> resources)
    {
        var versions = resources.Select(resource => resource.Version).Distinct().Select(version => new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version }).ToList();
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static JsonObject? List(string group, string version, ApiResources resources)
    {
        var found = resources.All.Where(resource => resource.Group == group && resource.Version == version).ToList();
        return found.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = found[0].ApiVersion,
            ["resources"] = new JsonArray([.. found.SelectMany(Describe)]),
        };
    }

    private static IEnumerable<JsonNode> Describe(ApiResource resource)
    {
        yield return new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Namespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = new JsonArray("create", "delete", "get", "list", "patch", "update", "watch"),
            ["shortNames"] = new JsonArray([.. resource.ShortNames.Select(name => (JsonNode)name)]),
        };
        if (resource.HasStatus)
        {
            yield return new JsonObject
            {
                ["name"] = resource.Plural + "/status",
                ["singularName"] = "",
                ["namespaced"] = resource.Namespaced,
                ["kind"] = resource.Kind,
                ["verbs"] = new JsonArray("get", "patch", "update"),
            };
        }
    }
}
