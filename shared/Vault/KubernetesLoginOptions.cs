using Ebb.Settings;

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

    internal static KubernetesLoginOptions? From(SettingsReader read)
    {
        var options = new KubernetesLoginOptions
        {
            Role = read.Text("Role", "", "the role that the service account is bound to"),
            JwtFile = read.Text("JwtFile", "/var/run/secrets/kubernetes.io/serviceaccount/token", "the path of the service account's token"),
            Mount = read.Text("Mount", "kubernetes", "the method's mount"),
        };
        return read.Exists ? options : null;
    }
}
