namespace Ebb.Vault.Login;

/// <summary>
/// Logs in with a role id and a secret id (Vault API, AppRole auth method, Login). Not repeated once it was sent: a secret id
/// may be good for a limited number of uses.
/// </summary>
internal sealed class AppRoleLogin(AppRoleLoginOptions options, TimeProvider time) : IVaultLogin
{
    public string Description => $"the AppRole login at auth/{options.Mount}";

    public Task<VaultToken> LoginAsync(VaultTransport transport, CancellationToken cancellationToken)
    {
        var body = new AppRoleLoginBody(
            VaultLogins.ReadFile(options.RoleIdFile, "Vault:AppRole:RoleIdFile"), VaultLogins.ReadFile(options.SecretIdFile, "Vault:AppRole:SecretIdFile"));
        var request = VaultRequest.Post(VaultPath.Join("auth", options.Mount, "login"), body, VaultJson.Default.AppRoleLoginBody);
        return VaultLogins.SendAsync(transport, request, this, time, cancellationToken);
    }
}
