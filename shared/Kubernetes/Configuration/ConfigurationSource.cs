using Microsoft.Extensions.Configuration;

namespace Ebb.Kubernetes.Configuration;

/// <summary>Finds out how the cluster is reached.</summary>
internal static class ConfigurationSource
{
    public static KubernetesOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Kubernetes");
        var insecure = bool.TryParse(section["Insecure"], out var flag) && flag;
        var options = Text(section["KubeConfig"]) is { } chosen
            ? KubeConfig.Read(chosen, Text(section["Context"]), insecure)
            : InCluster.IsHere(configuration) ? InCluster.Read(configuration) : FromPlaces(configuration, Text(section["Context"]), insecure);
        return options with { FieldManager = Text(section["FieldManager"]) ?? options.FieldManager, Insecure = insecure };
    }

    private static KubernetesOptions FromPlaces(IConfiguration configuration, string? context, bool insecure)
    {
        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return Text(configuration["KUBECONFIG"]) is { } places ? KubeConfig.Read(places, context, insecure)
            : File.Exists(home) ? KubeConfig.Read(home, context, insecure)
            : throw new KubernetesException(
                "There is no cluster to talk to: this is no pod with a service account, and neither Kubernetes:KubeConfig nor KUBECONFIG is set nor "
                + $"{home} there. Set Kubernetes:KubeConfig to a kubeconfig file, or mount the service account's token (automountServiceAccountToken).",
                KubernetesFault.Credential);
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
