using Ebb.TestServers.Kubernetes.Schemas;

namespace Ebb.TestServers.Kubernetes;

/// <summary>The types that the server serves: built-in ones with their schemas, and those of the definitions that are loaded.</summary>
public sealed class ApiResources
{
    private readonly List<ApiResource> _all =
    [
        new("", "v1", "namespaces", "Namespace", false) { Schema = CoreSchemas.Of("finalizers[]:s", $"phase:s {CoreSchemas.Conditions}"), HasStatus = true, ShortNames = ["ns"] },
        new("", "v1", "pods", "Pod", true) { Schema = CoreSchemas.Of(CoreSchemas.Pod, CoreSchemas.PodStatus), HasStatus = true, ShortNames = ["po"] },
        new("", "v1", "secrets", "Secret", true) { Schema = CoreSchemas.Of("", null, "data<>:s stringData<>:s type:s immutable:b") },
        new("", "v1", "configmaps", "ConfigMap", true) { Schema = CoreSchemas.Of("", null, "data<>:s binaryData<>:s immutable:b"), ShortNames = ["cm"] },
        new("", "v1", "serviceaccounts", "ServiceAccount", true)
        {
            Schema = CoreSchemas.Of("", null, "automountServiceAccountToken:b imagePullSecrets[]{ name:s } secrets[name]{ apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s }"),
            ShortNames = ["sa"],
        },
        new("", "v1", "resourcequotas", "ResourceQuota", true) { Schema = CoreSchemas.Of(CoreSchemas.ResourceQuota, "hard<>:q used<>:q"), HasStatus = true, ShortNames = ["quota"] },
        new("", "v1", "limitranges", "LimitRange", true) { Schema = CoreSchemas.Of(CoreSchemas.LimitRange), ShortNames = ["limits"] },
        new("", "v1", "services", "Service", true) { ShortNames = ["svc"] },
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true) { ShortNames = ["pvc"] },
        new("", "v1", "events", "Event", true) { ShortNames = ["ev"] },
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true) { Schema = CoreSchemas.Of(CoreSchemas.NetworkPolicy), CountsGenerations = true, ShortNames = ["netpol"] },
        new("networking.k8s.io", "v1", "ingresses", "Ingress", true) { CountsGenerations = true, ShortNames = ["ing"] },
        new("apps", "v1", "deployments", "Deployment", true) { Schema = CoreSchemas.Of(CoreSchemas.Deployment, CoreSchemas.DeploymentStatus), HasStatus = true, CountsGenerations = true, ShortNames = ["deploy"] },
        new("apps", "v1", "statefulsets", "StatefulSet", true) { Schema = CoreSchemas.Of(CoreSchemas.StatefulSet, CoreSchemas.StatefulSetStatus), HasStatus = true, CountsGenerations = true, ShortNames = ["sts"] },
        new("apps", "v1", "daemonsets", "DaemonSet", true) { Schema = CoreSchemas.Of(CoreSchemas.DaemonSet, CoreSchemas.DaemonSetStatus), HasStatus = true, CountsGenerations = true, ShortNames = ["ds"] },
        new("batch", "v1", "jobs", "Job", true),
    ];

    public IReadOnlyList<ApiResource> All => _all;

    /// <summary>Serves the types of a CustomResourceDefinition in YAML.</summary>
    public void LoadDefinition(string file) => _all.AddRange(CrdReader.Read(file));

    /// <summary>Serves a type without a schema: anything goes.</summary>
    public void Add(ApiResource resource) => _all.Add(resource);

    /// <summary>Serves a type no longer, as when its definition is deleted.</summary>
    public void Remove(string plural) => _all.RemoveAll(resource => resource.Plural == plural);

    public ApiResource? Find(string group, string version, string plural) =>
        _all.Find(resource => resource.Group == group && resource.Version == version && resource.Plural == plural);

    public bool Serves(string plural) => _all.Exists(resource => resource.Plural == plural);

    /// <summary>A type by its plural name.</summary>
    public ApiResource Named(string plural) =>
        _all.Find(resource => resource.Plural == plural) ?? throw new InvalidOperationException($"The server has no {plural}: load its definition first.");

    public ApiResource OfKind(string apiVersion, string kind) =>
        _all.Find(resource => resource.ApiVersion == apiVersion && resource.Kind == kind)
        ?? throw new InvalidOperationException($"The server has no {kind} of {apiVersion}: load its definition first.");
}
