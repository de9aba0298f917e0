namespace Ebb.TestServers.Kubernetes;

/// <summary>What somebody may do (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).</summary>
/// <param name="Verbs">Verbs with commas between them, or <c>*</c>.</param>
/// <param name="Resources">Types such as <c>pods,deployments.apps,externalsecrets.external-secrets.io/status</c>, or <c>*</c>.</param>
/// <param name="Namespace">Where; null: everywhere, and in types without namespaces.</param>
public sealed record ApiRule(string Verbs, string Resources, string? Namespace = null)
{
    internal bool Allows(string verb, string resource, string? @namespace) =>
        (Verbs == "*" || Verbs.Split(',').Contains(verb)) && (Resources == "*" || Resources.Split(',').Contains(resource)) && (Namespace is null || Namespace == @namespace);
}
