using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests;

/// <summary>One document of a kustomization's output.</summary>
internal sealed class KubeObject(JsonObject json)
{
    private static readonly string[] CoreGroups = ["v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"];

    public JsonObject Json => json;

    public string ApiVersion => json["apiVersion"]!.GetValue<string>();

    public string Kind => json["kind"]!.GetValue<string>();

    public string Name => json["metadata"]!["name"]!.GetValue<string>();

    public string? Namespace => json["metadata"]!["namespace"]?.GetValue<string>();

    public bool IsCore => CoreGroups.Contains(ApiVersion);

    public JsonNode? Spec => json["spec"];

    public JsonNode? Pod => Spec?["template"]?["spec"];

    public IReadOnlyDictionary<string, string> Labels => Map(json["metadata"]!["labels"]);

    public IReadOnlyDictionary<string, string> PodLabels => Map(Spec?["template"]?["metadata"]?["labels"]);

    public IEnumerable<JsonNode> Containers => Pod?["containers"]?.AsArray().OfType<JsonNode>() ?? [];

    public IEnumerable<JsonNode> Volumes => Pod?["volumes"]?.AsArray().OfType<JsonNode>() ?? [];

    public static IReadOnlyDictionary<string, string> Map(JsonNode? node) =>
        node?.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>()) ?? [];

    public override string ToString() => $"{Kind}/{Name}";
}
