namespace Ebb.Kubernetes;

/// <summary>The types that Ebb works with.</summary>
public static class ResourceTypes
{
    /// <summary><c>v1 Namespace</c></summary>
    public static ResourceType Namespaces { get; } = new("", "v1", "namespaces", "Namespace", Namespaced: false);

    /// <summary><c>v1 Pod</c></summary>
    public static ResourceType Pods { get; } = new("", "v1", "pods", "Pod");

    /// <summary><c>v1 Secret</c></summary>
    public static ResourceType Secrets { get; } = new("", "v1", "secrets", "Secret");

    /// <summary><c>v1 ConfigMap</c></summary>
    public static ResourceType ConfigMaps { get; } = new("", "v1", "configmaps", "ConfigMap");

    /// <summary><c>v1 Event</c></summary>
    public static ResourceType Events { get; } = new("", "v1", "events", "Event");

    /// <summary><c>v1 ResourceQuota</c></summary>
    public static ResourceType ResourceQuotas { get; } = new("", "v1", "resourcequotas", "ResourceQuota");

    /// <summary><c>v1 LimitRange</c></summary>
    public static ResourceType LimitRanges { get; } = new("", "v1", "limitranges", "LimitRange");

    /// <summary><c>networking.k8s.io/v1 NetworkPolicy</c></summary>
    public static ResourceType NetworkPolicies { get; } = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary><c>v1 PersistentVolumeClaim</c></summary>
    public static ResourceType PersistentVolumeClaims { get; } = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    /// <summary><c>networking.k8s.io/v1 Ingress</c></summary>
    public static ResourceType Ingresses { get; } = new("networking.k8s.io", "v1", "ingresses", "Ingress");

    /// <summary><c>batch/v1 Job</c></summary>
    public static ResourceType Jobs { get; } = new("batch", "v1", "jobs", "Job");

    /// <summary><c>apps/v1 Deployment</c></summary>
    public static ResourceType Deployments { get; } = new("apps", "v1", "deployments", "Deployment");

    /// <summary><c>apps/v1 StatefulSet</c></summary>
    public static ResourceType StatefulSets { get; } = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary><c>apps/v1 DaemonSet</c></summary>
    public static ResourceType DaemonSets { get; } = new("apps", "v1", "daemonsets", "DaemonSet");

    /// <summary><c>argoproj.io/v1alpha1 Application</c> of Argo CD</summary>
    public static ResourceType Applications { get; } = new("argoproj.io", "v1alpha1", "applications", "Application");

    /// <summary><c>external-secrets.io/v1 ExternalSecret</c> of the External Secrets Operator</summary>
    public static ResourceType ExternalSecrets { get; } = new("external-secrets.io", "v1", "externalsecrets", "ExternalSecret");

    /// <summary><c>external-secrets.io/v1 ClusterExternalSecret</c> of the External Secrets Operator</summary>
    public static ResourceType ClusterExternalSecrets { get; } = new("external-secrets.io", "v1", "clusterexternalsecrets", "ClusterExternalSecret", Namespaced: false);
}
