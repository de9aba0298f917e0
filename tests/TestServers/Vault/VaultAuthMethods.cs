using System.Collections.Concurrent;

namespace Ebb.TestServers.Vault;

/// <summary>
/// AppRole and Kubernetes logins (https://developer.hashicorp.com/vault/api-docs/auth/approle and …/kubernetes).
/// </summary>
public sealed class VaultAuthMethods(VaultTokenStore tokens)
{
    private readonly ConcurrentDictionary<string, Role> _appRoles = new();
    private readonly ConcurrentDictionary<string, Role> _kubernetesRoles = new();

    /// <summary>Logins that succeeded.</summary>
    public int Logins { get; private set; }

    public void AddAppRole(string roleId, string secretId, TimeSpan ttl, TimeSpan? maxTtl = null, params string[] policies) =>
        _appRoles[roleId] = new Role(secretId, ttl, maxTtl, policies);

    public void AddKubernetesRole(string role, string jwt, TimeSpan ttl, params string[] policies) =>
        _kubernetesRoles[role] = new Role(jwt, ttl, null, policies);

    internal VaultAnswer? TryAnswer(string method, string path, VaultBody body)
    {
        if (path is not ("auth/approle/login" or "auth/kubernetes/login"))
        {
            return null;
        }

        if (method is not ("POST" or "PUT"))
        {
            return VaultAnswer.MethodNotAllowed;
        }

        return path == "auth/approle/login" ? AppRole(body) : Kubernetes(body);
    }

    private VaultAnswer AppRole(VaultBody body) => (body.Text("role_id"), body.Text("secret_id")) switch
    {
        (null or "", _) => VaultAnswer.Error(400, "missing role_id"),
        (var roleId, _) when !_appRoles.ContainsKey(roleId) => VaultAnswer.Error(400, "invalid role or secret ID"),
        (_, null or "") => VaultAnswer.Error(400, "missing secret_id"),
        var (roleId, secretId) => _appRoles[roleId].Proof == secretId ? Accept(_appRoles[roleId]) : VaultAnswer.Error(400, "invalid role or secret ID"),
    };

    private VaultAnswer Kubernetes(VaultBody body) => (body.Text("role"), body.Text("jwt")) switch
    {
        (null or "", _) => VaultAnswer.Error(400, "missing role"),
        (_, null or "") => VaultAnswer.Error(400, "missing jwt"),
        (var role, _) when !_kubernetesRoles.ContainsKey(role) => VaultAnswer.Error(400, $"invalid role name \"{role}\""),
        var (role, jwt) => _kubernetesRoles[role].Proof == jwt ? Accept(_kubernetesRoles[role]) : VaultAnswer.Error(403, "permission denied"),
    };

    private VaultAnswer Accept(Role role)
    {
        Logins++;
        return tokens.Login(tokens.Create(role.Ttl, renewable: true, role.MaxTtl, role.Policies));
    }

    private sealed record Role(string Proof, TimeSpan Ttl, TimeSpan? MaxTtl, string[] Policies);
}
