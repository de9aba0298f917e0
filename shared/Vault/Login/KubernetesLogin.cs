namespace Ebb.Vault.Login;

/// <summary>Logs in with the pod's service account (Vault API, Kubernetes auth method, Login).</summary>
internal sealed class KubernetesLogin(KubernetesLoginOptions options, TimeProvider time) : IVaultLogin
{
    public string Description => $"the Kubernetes login at auth/{options.Mount} with the role {options.Role}";

    public Task<VaultToken> LoginAsync(VaultTransport transport, CancellationToken cancellationToken)
    {
        var body = new KubernetesLoginBody(options.Role, VaultLogins.ReadFile(options.JwtFile, "Vault:Kubernetes:JwtFile"));
        var request = VaultRequest.Post(VaultPath.Join("auth", options.Mount, "login"), body, VaultJson.Default.KubernetesLoginBody) with { Repeatable = true };
        return VaultLogins.SendAsync(transport, request, this, time, cancellationToken);
    }
}
