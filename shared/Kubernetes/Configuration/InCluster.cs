using Microsoft.Extensions.Configuration;

namespace Ebb.Kubernetes.Configuration;

/// <summary>The configuration of a pod (Kubernetes, Accessing the Kubernetes API from a Pod).</summary>
internal static class InCluster
{
    private const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsHere(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["KUBERNETES_SERVICE_HOST"]) && !string.IsNullOrEmpty(configuration["KUBERNETES_SERVICE_PORT"])
        && File.Exists(Path.Combine(Folder(configuration), "token"));

    public static KubernetesOptions Read(IConfiguration configuration)
    {
        var host = configuration["KUBERNETES_SERVICE_HOST"]!;
        var folder = Folder(configuration);
        var namespaceFile = Path.Combine(folder, "namespace");
        var options = new KubernetesOptions
        {
            // An IPv6 address stands in brackets in a URL.
            Server = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{configuration["KUBERNETES_SERVICE_PORT"]}",
            Source = "the service account",
            CaFile = Path.Combine(folder, "ca.crt"),
            Credential = new CredentialOptions { TokenFile = Path.Combine(folder, "token") },
        };
        return File.Exists(namespaceFile) ? options with { Namespace = File.ReadAllText(namespaceFile).Trim() } : options;
    }

    // Only tests have it elsewhere.
    private static string Folder(IConfiguration configuration) => configuration["Kubernetes:ServiceAccountFolder"] ?? DefaultFolder;
}
