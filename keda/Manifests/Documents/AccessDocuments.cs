using System.Text.Json.Nodes;
using Ebb.Worker;

namespace Ebb.Manifests.Documents;

/// <summary>The ServiceAccount, and Roles where the app asks for rights.</summary>
internal static class AccessDocuments
{
    private const string Group = "rbac.authorization.k8s.io";

    public static JsonObject ServiceAccount(PlannedApp app) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ServiceAccount",
        ["metadata"] = Metadata.Of(app),
        ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = "ebb-pull" }),
        ["automountServiceAccountToken"] = false,
    };

    /// <summary>A role and its binding for each namespace that the rights name.</summary>
    public static IEnumerable<(string File, JsonObject Document)> Roles(PlannedApp app)
    {
        foreach (var scope in app.Needs.Rights.GroupBy(right => right.Namespace).OrderBy(scope => scope.Key, StringComparer.Ordinal))
        {
            var everywhere = scope.Key == KubernetesRight.EveryNamespace;
            var suffix = everywhere ? "cluster-" : scope.Key is null ? "" : scope.Key + "-";
            var name = everywhere ? $"ebb-{app.Name}" : app.Name;
            JsonObject Meta() => everywhere ? Metadata.OfCluster(app, name) : Metadata.Of(app, name, scope.Key);
            var kind = everywhere ? "ClusterRole" : "Role";
            yield return ($"{suffix}role.yaml", Role(kind, Meta(), scope));
            yield return ($"{suffix}role-binding.yaml", Binding(app, kind, name, Meta()));
        }
    }

    private static JsonObject Role(string kind, JsonObject metadata, IEnumerable<KubernetesRight> rights) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = kind,
        ["metadata"] = metadata,
        ["rules"] = new JsonArray([.. rights.Select(right => (JsonNode)new JsonObject
        {
            ["apiGroups"] = Strings([right.ApiGroup]),
            ["resources"] = Strings(right.Resources),
            ["resourceNames"] = right.Names.Count > 0 ? Strings(right.Names) : null,
            ["verbs"] = Strings(right.Verbs),
        })]),
    };

    private static JsonObject Binding(PlannedApp app, string kind, string name, JsonObject metadata) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = $"{kind}Binding",
        ["metadata"] = metadata,
        ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = name },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = app.Name, ["namespace"] = app.Options.Namespace }),
    };

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
