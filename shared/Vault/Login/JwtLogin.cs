namespace Ebb.Vault.Login;

/// <summary>Logs in with a signed token from a file: the pod's service account (Kubernetes auth method) or another issuer's (JWT auth method).</summary>
internal sealed class JwtLogin(string method, string mount, string role, string file, TimeProvider time) : IVaultLogin
{
    public string Description => $"the {method} login at auth/{mount} with the role {role}";

    public Task<VaultToken> LoginAsync(VaultTransport transport, CancellationToken cancellationToken)
    {
        var body = new JwtLoginBody(role, VaultLogins.ReadFile(file, $"Vault:{method}:JwtFile"));
        var request = VaultRequest.Post(VaultPath.Join("auth", mount, "login"), body, VaultJson.Default.JwtLoginBody) with { Repeatable = true };
        return VaultLogins.SendAsync(transport, request, this, time, cancellationToken);
    }
}
