using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Tests;

/// <summary>Objects as a function would write them.</summary>
internal static class Objects
{
    public static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    public static JsonObject Namespace(string name) => Object("v1", "Namespace", name, null);

    public static JsonObject ConfigMap(string name, string key = "a", string value = "1", string? at = KubernetesTestBase.Team)
    {
        var item = Object("v1", "ConfigMap", name, at);
        item["data"] = new JsonObject { [key] = value };
        return item;
    }

    public static JsonObject Secret(string name, string key, string value)
    {
        var item = Object("v1", "Secret", name, KubernetesTestBase.Team);
        item["stringData"] = new JsonObject { [key] = value };
        return item;
    }

    public static JsonObject Deployment(string name, string image = "harbor.example.com/shop/web:1", int replicas = 1)
    {
        var item = Object("apps/v1", "Deployment", name, KubernetesTestBase.Team);
        item["spec"] = JsonNode.Parse($$$"""
            {
              "replicas": {{{replicas}}},
              "selector": {"matchLabels": {"app": "{{{name}}}"}},
              "template": {
                "metadata": {"labels": {"app": "{{{name}}}"}},
                "spec": {"containers": [{"name": "web", "image": "{{{image}}}", "env": [{"name": "A", "value": "1"}], "ports": [{"containerPort": 8080}]}]}
              }
            }
            """);
        return item;
    }

    public static JsonObject Pod(string name, params string[] finalizers)
    {
        var item = Object("v1", "Pod", name, KubernetesTestBase.Team);
        item["spec"] = JsonNode.Parse("""{"containers": [{"name": "web", "image": "a:1"}]}""");
        if (finalizers.Length > 0)
        {
            item["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]);
        }

        return item;
    }

    public static JsonObject Object(string apiVersion, string kind, string name, string? at)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (at is not null)
        {
            metadata["namespace"] = at;
        }

        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }
}
