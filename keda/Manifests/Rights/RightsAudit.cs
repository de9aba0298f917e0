using System.Text.Json.Nodes;

namespace Ebb.Manifests.Rights;

/// <summary>
/// Whether a set of manifests lets an account gain rights that it was not given (kubernetes.io, "Role Based Access Control Good Practices",
/// privilege escalation risks). Whatever is written must be judged by an admission policy; some things are never granted.
/// </summary>
internal static class RightsAudit
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly string[] RuleFields = ["verbs", "resources", "apiGroups"];
    private static readonly string[] Reads = ["get", "list", "watch"];
    private static readonly string[] NeverVerbs = ["escalate", "bind", "impersonate", "approve", "sign", "attest", "deletecollection"];

    private static readonly Dictionary<string, string> Operations = new(StringComparer.Ordinal)
    {
        ["create"] = "CREATE",
        ["update"] = "UPDATE",
        ["patch"] = "UPDATE",
        ["delete"] = "DELETE",
    };

    // Whoever writes one of these has what it is made for: a token, a command in somebody's pod, a role, what the API server believes.
    private static readonly string[] NeverWritten =
    [
        "pods", "replicationcontrollers", "serviceaccounts", "nodes", "persistentvolumes", "replicasets.apps",
        "applicationsets.argoproj.io", "appprojects.argoproj.io", "secretstores.external-secrets.io", "clustersecretstores.external-secrets.io",
    ];

    private static readonly string[] NeverWrittenGroups =
        [Rbac, "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io", "kyverno.io", "policies.kyverno.io"];

    // What lies in these namespaces opens the cluster or Ebb itself.
    private static readonly string[] NamespacesOfKeys = ["kube-system", "kube-public", "argocd", "vault", "cert-manager", "external-secrets", "kyverno", "keda", "cnpg-system"];

    /// <summary>Every way found; none is what manifests are made with.</summary>
    /// <param name="documents">All documents of an installation.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyList<JsonObject> documents)
    {
        var roles = documents.Where(document => document.Text("kind") is "Role" or "ClusterRole").ToList();
        var bindings = documents.Where(document => document.Text("kind") is "RoleBinding" or "ClusterRoleBinding").ToList();
        var confinement = new Confinement(documents);
        return
        [
            .. roles.SelectMany(RoleProblems),
            .. bindings.SelectMany(binding => BindingProblems(binding, roles)),
            .. bindings.SelectMany(binding => Grants(binding, roles)).SelectMany(grant => GrantProblems(grant, confinement)).Distinct(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<Grant> Grants(JsonObject binding, IEnumerable<JsonObject> roles) =>
        RoleOf(binding, roles) is { } role ? Grant.Of(binding, role) : [];

    private static JsonObject? RoleOf(JsonObject binding, IEnumerable<JsonObject> roles) => roles.FirstOrDefault(role =>
        role.Text("kind") == binding["roleRef"].Text("kind") && role["metadata"].Text("name") == binding["roleRef"].Text("name")
        && (role.Text("kind") == "ClusterRole" || role["metadata"].Text("namespace") == binding["metadata"].Text("namespace")));

    private static IEnumerable<string> RoleProblems(JsonObject role)
    {
        var name = $"{role.Text("kind")} {role["metadata"].Text("name")}";
        if (role["aggregationRule"] is not null || role["metadata"]?["labels"]?.AsObject().Any(label => label.Key.StartsWith(Rbac, StringComparison.Ordinal)) is true)
        {
            yield return $"{name} takes part in aggregation: its rules are not those that stand in it, or somebody else gets them. Write the rules out and leave the label away.";
        }

        if (role.List("rules").Any(rule => rule["nonResourceURLs"] is not null))
        {
            yield return $"{name} allows URLs of the API server itself; nothing here needs them.";
        }

        foreach (var rule in role.List("rules").Where(rule => RuleFields.Any(key => rule.Texts(key).Any(text => text.Contains('*', StringComparison.Ordinal)))))
        {
            yield return $"{name} has a '*' in {rule.ToJsonString()}: that is whatever there will be. Name the groups, resources and verbs.";
        }
    }

    private static IEnumerable<string> BindingProblems(JsonObject binding, IReadOnlyList<JsonObject> roles)
    {
        var name = $"{binding.Text("kind")} {binding["metadata"].Text("name")}";
        if (RoleOf(binding, roles) is null)
        {
            yield return $"{name} binds {binding["roleRef"].Text("kind")} {binding["roleRef"].Text("name")}, which is not in the set, so that nobody sees here what it grants. Bind a role of the set.";
        }

        foreach (var subject in binding.List("subjects").Where(subject => subject.Text("kind") != "ServiceAccount" || subject.Text("namespace").Length == 0))
        {
            yield return $"{name} grants to {subject.Text("kind")} {subject.Text("name")}; only service accounts of a stated namespace get rights here.";
        }
    }

    private static IEnumerable<string> GrantProblems(Grant grant, Confinement confinement)
    {
        foreach (var problem in Never(grant).Concat(SecretReads(grant)))
        {
            yield return $"{grant}: {problem}";
        }

        foreach (var verb in grant.Verbs.Where(verb => !Reads.Contains(verb) && !NeverVerbs.Contains(verb)))
        {
            if (!Operations.TryGetValue(verb, out var operation))
            {
                yield return $"{grant}: {verb} is no verb that is known here. Take it out.";
            }
            else if (!confinement.Judges(grant.Account, grant.Group, grant.Resource, operation))
            {
                yield return $"{grant}: no ValidatingAdmissionPolicy judges its {operation}. Give the right rules (KubernetesRight.Rules) that say what may be written.";
            }
        }
    }

    private static IEnumerable<string> Never(Grant grant)
    {
        foreach (var verb in grant.Verbs.Intersect(NeverVerbs))
        {
            yield return $"{verb} gives rights that are not the account's own, or judges nothing by name. Take it out.";
        }

        var writes = grant.Verbs.Except(Reads).Any();
        if (grant.Resource.Contains('/', StringComparison.Ordinal))
        {
            yield return "subresources (exec, token, proxy, status, …) are ways around what is written on the object itself. Take it out.";
        }
        else if (writes && (NeverWritten.Contains(grant.Kind) || NeverWrittenGroups.Contains(grant.Group)))
        {
            yield return "who may write this can take the rights of others. Take it out.";
        }
    }

    // No policy of admission sees a read.
    private static IEnumerable<string> SecretReads(Grant grant)
    {
        if (grant.Kind != "secrets")
        {
            yield break;
        }

        if (grant.Names.Count == 0 && (grant.Verbs.Contains("patch") || grant.Verbs.Contains("update")))
        {
            yield return "a JSON Patch is told what it copied before a policy judges it, so that whoever may patch a secret can read it. Name those that it is for.";
        }

        if (!grant.Verbs.Intersect(Reads).Any())
        {
            yield break;
        }

        if (grant.Scope is not { } ns)
        {
            yield return "every credential of the cluster can be read. Give the right in the namespaces that it is for.";
        }
        else if (grant.Verbs.Contains("list") || grant.Verbs.Contains("watch"))
        {
            yield return "a list is all of them with their contents. Ask for get, by name where the name is known.";
        }
        else if (grant.Names.Count == 0 && (ns == grant.AccountNamespace || NamespacesOfKeys.Contains(ns)))
        {
            yield return $"the secrets in {ns} are keys to more than this account may do. Name those that it is for.";
        }
    }
}
