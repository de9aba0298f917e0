using System.Text.Json.Nodes;
using Ebb.Worker;

namespace Ebb.Manifests.Documents;

/// <summary>
/// The ValidatingAdmissionPolicy (Kubernetes 1.30) that confines an app's account by the rules of its rights. All rules of a resource have to
/// hold: where two apps of one process write the same kind of object, only what both may write is admitted.
/// </summary>
internal static class AdmissionDocuments
{
    private const string Version = "admissionregistration.k8s.io/v1";

    private static readonly (string Verb, string Operation)[] Operations = [("create", "CREATE"), ("update", "UPDATE"), ("patch", "UPDATE"), ("delete", "DELETE")];

    /// <summary>The policy and its binding; nothing where no right writes.</summary>
    public static IEnumerable<(string File, JsonObject Document)> Of(PlannedApp app)
    {
        var confined = app.Needs.Rights.Where(right => right.Rules.Count > 0).ToList();
        if (confined.Count == 0)
        {
            yield break;
        }

        var name = $"ebb-{app.Name}";
        yield return ("admission-policy.yaml", Policy(app, name, confined));
        yield return ("admission-policy-binding.yaml", new JsonObject
        {
            ["apiVersion"] = Version,
            ["kind"] = "ValidatingAdmissionPolicyBinding",
            ["metadata"] = Metadata.OfCluster(app, name),
            ["spec"] = new JsonObject { ["policyName"] = name, ["validationActions"] = new JsonArray("Deny") },
        });
    }

    private static JsonObject Policy(PlannedApp app, string name, IReadOnlyList<KubernetesRight> confined) => new()
    {
        ["apiVersion"] = Version,
        ["kind"] = "ValidatingAdmissionPolicy",
        ["metadata"] = Metadata.OfCluster(app, name),
        ["spec"] = new JsonObject
        {
            ["failurePolicy"] = "Fail",
            ["matchConstraints"] = new JsonObject { ["resourceRules"] = new JsonArray([.. ByResource(confined).Select(kind => (JsonNode)Match(kind))]) },
            ["matchConditions"] = new JsonArray(new JsonObject
            {
                ["name"] = "account",
                ["expression"] = $"request.userInfo.username == {Cel.Text($"system:serviceaccount:{app.Options.Namespace}:{app.Name}")}",
            }),
            ["validations"] = new JsonArray([.. ByResource(confined).SelectMany(Validations)]),
        },
    };

    // The same right in several namespaces is one.
    private static IEnumerable<IGrouping<(string Group, string Resources), KubernetesRight>> ByResource(IEnumerable<KubernetesRight> rights) =>
        rights.GroupBy(right => (right.ApiGroup, string.Join(',', right.Resources)));

    private static JsonObject Match(IGrouping<(string Group, string Resources), KubernetesRight> kind) => new()
    {
        ["apiGroups"] = new JsonArray(kind.Key.Group),
        ["apiVersions"] = new JsonArray("*"),
        ["operations"] = Strings(Operations.Where(pair => kind.Any(right => right.Verbs.Contains(pair.Verb))).Select(pair => pair.Operation).Distinct()),
        ["resources"] = Strings(kind.Key.Resources.Split(',')),
    };

    private static IEnumerable<JsonNode> Validations(IGrouping<(string Group, string Resources), KubernetesRight> kind) =>
        kind.SelectMany(right => right.Rules).Distinct().Select(rule => new JsonObject
        {
            ["expression"] = $"request.resource.group != {Cel.Text(kind.Key.Group)} || !(request.resource.resource in {Cel.List(kind.Key.Resources.Split(','))}) || ({rule.Expression})",
            ["message"] = rule.Message,
        });

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
