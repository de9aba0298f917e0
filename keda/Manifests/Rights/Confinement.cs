using System.Text.Json.Nodes;
using Ebb.Worker;

namespace Ebb.Manifests.Rights;

/// <summary>The ValidatingAdmissionPolicies of a set that are in force for an account whatever it writes: nothing narrows where they hold.</summary>
internal sealed class Confinement
{
    private readonly IReadOnlyList<JsonNode> _policies;

    public Confinement(IReadOnlyList<JsonObject> documents)
    {
        var enforced = documents.Where(document => document.Text("kind") == "ValidatingAdmissionPolicyBinding" && IsStrict(document["spec"]))
            .Select(document => document["spec"].Text("policyName")).ToHashSet(StringComparer.Ordinal);
        _policies = [.. documents
            .Where(document => document.Text("kind") == "ValidatingAdmissionPolicy" && enforced.Contains(document["metadata"].Text("name")))
            .Select(document => document["spec"]).OfType<JsonNode>().Where(IsUnconditional)];
    }

    /// <summary>Whether an account's operation on a kind of object is judged.</summary>
    public bool Judges(string account, string group, string resource, string operation) =>
        _policies.Any(policy => IsFor(policy, account) && policy["matchConstraints"].List("resourceRules").Any(rule =>
            rule.Texts("apiGroups").Contains(group) && rule.Texts("resources").Contains(resource) && rule.Texts("operations").Contains(operation)
            && rule.Texts("apiVersions").Contains("*") && rule["resourceNames"] is null && rule["scope"] is null));

    private static bool IsStrict(JsonNode? binding) =>
        binding.Texts("validationActions").Contains("Deny") && binding?["matchResources"] is null && binding?["paramRef"] is null;

    private static bool IsUnconditional(JsonNode policy) =>
        policy.Text("failurePolicy") == "Fail" && policy["paramKind"] is null && policy.List("validations").Count > 0
        && policy["matchConstraints"] is { } match && match["namespaceSelector"] is null && match["objectSelector"] is null && match["excludeResourceRules"] is null;

    private static bool IsFor(JsonNode policy, string account) => policy.List("matchConditions")
        .All(condition => condition.Text("expression") == $"request.userInfo.username == {Cel.Text(account)}");
}
