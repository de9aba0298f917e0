using System.Text.Json.Nodes;

namespace Ebb.Kubernetes.Configuration;

/// <summary>Reads a <c>cluster</c> of a kubeconfig file.</summary>
internal static class KubeConfigCluster
{
    public static KubernetesOptions Read(KubeConfigFile file, JsonObject cluster, string source, bool insecure)
    {
        var skips = cluster.Flag("insecure-skip-tls-verify");
        if (skips && !insecure)
        {
            throw Problem(source, "asks for insecure-skip-tls-verify, which lets anybody between here and the cluster read the credential. "
                + "Put the CA into certificate-authority-data, or set Kubernetes:Insecure to true");
        }

        if (cluster.Text("proxy-url") is { Length: > 0 })
        {
            throw Problem(source, "asks for a proxy (proxy-url), which is not supported; reach the API server directly");
        }

        return new KubernetesOptions
        {
            Server = cluster.Text("server") ?? "",
            Source = source,
            CaFile = skips || cluster.Text("certificate-authority-data") is not null ? null
                : cluster.Text("certificate-authority") is { Length: > 0 } authority ? file.Locate(authority) : null,
            CaPem = skips ? null : cluster.Decoded("certificate-authority-data", source),
            TlsServerName = cluster.Text("tls-server-name") is { Length: > 0 } name ? name : null,
            Insecure = skips,
        };
    }

    private static KubernetesException Problem(string source, string problem) => new($"The cluster in {source} {problem}.", KubernetesFault.Credential);
}
