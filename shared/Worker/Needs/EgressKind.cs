namespace Ebb.Worker;

/// <summary>A kind of system that apps open connections to. Where each is in a cluster is configured once, for all apps.</summary>
public enum EgressKind
{
    /// <summary>Container registries, upstream and our own, and their token servers.</summary>
    Registry,

    /// <summary>Vault or OpenBao.</summary>
    Vault,

    /// <summary>The Kubernetes API, with Argo CD's and External Secrets' resources.</summary>
    KubernetesApi,

    /// <summary>An S3-compatible store.</summary>
    ObjectStore,

    /// <summary>APIs of Git hosts.</summary>
    GitHost,

    /// <summary>The Talos API of the control planes.</summary>
    Talos,

    /// <summary>etcd itself, where no Talos is in front of it.</summary>
    Etcd,
}
