using Microsoft.Extensions.Configuration;

namespace Ebb.Vault;

/// <summary>Login with the pod's service account (Vault's Kubernetes auth method).</summary>
public sealed record KubernetesLoginOptions
{
    /// <summary>The role (<c>Vault:Kubernetes:Role</c>).</summary>
    public required string Role { get; init; }

    /// <summary>The service account's token (<c>Vault:Kubernetes:JwtFile</c>); read at each login, for it rotates.</summary>
    public string JwtFile { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>Where the method is mounted (<c>Vault:Kubernetes:Mount</c>). Default <c>kubernetes</c>.</summary>
    public string Mount { get; init; } = "kubernetes";

    internal static KubernetesLoginOptions? From(IConfigurationSection section) => section.Exists()
        ? new KubernetesLoginOptions
        {
            Role = VaultOptions.Text(section["Role"]) ?? "",
            JwtFile = VaultOptions.Text(section["JwtFile"]) ?? "/var/run/secrets/kubernetes.io/serviceaccount/token",
            Mount = VaultOptions.Text(section["Mount"]) ?? "kubernetes",
        }
        : null;
}
