using System.Text.Json.Nodes;

namespace Ebb.Manifests.Rights;

/// <summary>What one rule of a role allows one account, on one kind of resource.</summary>
/// <param name="Role">The role, for messages.</param>
/// <param name="Account">The account as the API server names it: <c>system:serviceaccount:ebb:pr-preview</c>.</param>
/// <param name="AccountNamespace">The account's own namespace.</param>
/// <param name="Scope">The namespace it holds in; null for all of them.</param>
/// <param name="Group">The API group.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Names">The objects' names; none means all.</param>
/// <param name="Verbs">The verbs.</param>
internal sealed record Grant(
    string Role, string Account, string AccountNamespace, string? Scope, string Group, string Resource, IReadOnlyList<string> Names, IReadOnlyList<string> Verbs)
{
    public string Kind => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>Takes apart what a binding grants by its role.</summary>
    public static IEnumerable<Grant> Of(JsonObject binding, JsonObject role)
    {
        var scope = binding.Text("kind") == "RoleBinding" ? binding["metadata"].Text("namespace") : null;
        return from subject in binding.List("subjects")
               let ns = subject.Text("namespace")
               from rule in role.List("rules")
               from resource in rule.Texts("resources")
               from apiGroup in rule.Texts("apiGroups")
               select new Grant(
                   $"{role.Text("kind")} {role["metadata"].Text("name")}", $"system:serviceaccount:{ns}:{subject.Text("name")}", ns,
                   scope, apiGroup, resource, rule.Texts("resourceNames"), rule.Texts("verbs"));
    }

    public override string ToString() =>
        $"{Role} lets {Account} {string.Join(", ", Verbs)} {(Names.Count > 0 ? $"{string.Join(", ", Names)} of " : "")}{Kind}{(Scope is null ? " in every namespace" : $" in {Scope}")}";
}
