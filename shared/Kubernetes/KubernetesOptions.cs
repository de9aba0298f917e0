using Ebb.Http;
using Ebb.Kubernetes.Configuration;
using Microsoft.Extensions.Configuration;

namespace Ebb.Kubernetes;

/// <summary>
/// How the cluster is reached: the section <c>Kubernetes</c>. Without settings a pod uses its service account, and a process
/// outside of a cluster the kubeconfig file (<c>KUBECONFIG</c>, else <c>~/.kube/config</c>), as <c>kubectl</c> does.
/// </summary>
public sealed record KubernetesOptions
{
    /// <summary>The API server, such as <c>https://10.0.0.1:6443</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Where these settings come from, for messages: <c>the service account</c>, <c>the context prod of /root/.kube/config</c>.</summary>
    public string Source { get; init; } = "the options";

    /// <summary>A PEM file with the CA of the server's certificate; read again when it changes. Null: see <see cref="CaPem"/>, else the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The CA of the server's certificate in PEM.</summary>
    public string? CaPem { get; init; }

    /// <summary>The name that the server's certificate must hold, when it is not the one in <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>
    /// Accepts any certificate of the server, and plain HTTP to another host (<c>Kubernetes:Insecure</c>). Default false; a kubeconfig that asks
    /// for it (<c>insecure-skip-tls-verify</c>) is refused until this is set too.
    /// </summary>
    public bool Insecure { get; init; }

    /// <summary>How the process says who it is; null: not at all.</summary>
    public CredentialOptions? Credential { get; init; }

    /// <summary>The namespace where none is named: the pod's own, or the context's. Default <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Who owns the fields that are applied (<c>Kubernetes:FieldManager</c>). Default <c>ebb</c>, 1 to 128 printable characters.</summary>
    public string FieldManager { get; init; } = "ebb";

    /// <summary>Requests under way at once; watches do not count. Default 16.</summary>
    public int MaxConcurrentRequests { get; init; } = 16;

    /// <summary>
    /// After how long a watch is opened anew (<c>timeoutSeconds</c>), which is also how long a link may be silently dead. Default 2 minutes, whole seconds.
    /// </summary>
    public TimeSpan WatchDuration { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Retries and time-outs.</summary>
    public ResilienceOptions Resilience { get; init; } = new() { AttemptTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>
    /// Reads the options: <c>Kubernetes:KubeConfig</c> and <c>Kubernetes:Context</c> name a kubeconfig file and a context in it; without them
    /// the pod's service account if there is one, else <c>KUBECONFIG</c> or <c>~/.kube/config</c>. Check them with <see cref="KubernetesOptionsValidator"/>.
    /// </summary>
    /// <exception cref="KubernetesException">There is no configuration, or a file cannot be read.</exception>
    public static KubernetesOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return ConfigurationSource.Read(configuration);
    }

    /// <summary>Names the server and no secret.</summary>
    public override string ToString() => $"the Kubernetes API at {Server}";
}
