using System.Collections.Concurrent;

namespace Ebb.TestServers.Vault;

/// <summary>
/// AppRole, Kubernetes and JWT logins (https://developer.hashicorp.com/vault/api-docs/auth/approle, …/kubernetes and …/jwt).
/// </summary>
public sealed class VaultAuthMethods(VaultTokenStore tokens)
{
    private readonly ConcurrentDictionary<string, Role> _appRoles = new();
    private readonly ConcurrentDictionary<string, Role> _kubernetesRoles = new();

    private readonly ConcurrentDictionary<string, Role> _jwtRoles = new();
    private int _logins;

    /// <summary>Logins that succeeded.</summary>
    public int Logins => _logins;

    public void AddAppRole(string roleId, string secretId, TimeSpan ttl, TimeSpan? maxTtl = null, params string[] policies) =>
        _appRoles[roleId] = new Role(secretId, ttl, maxTtl, policies);

    public void AddKubernetesRole(string role, string jwt, TimeSpan ttl, params string[] policies) =>
        _kubernetesRoles[role] = new Role(jwt, ttl, null, policies);

    public void AddJwtRole(string role, string jwt, TimeSpan ttl, params string[] policies) => _jwtRoles[role] = new Role(jwt, ttl, null, policies);

    internal VaultAnswer? TryAnswer(string method, string path, VaultBody body) => (path, method) switch
    {
        ("auth/approle/login", "POST" or "PUT") => AppRole(body),
        ("auth/kubernetes/login", "POST" or "PUT") => Kubernetes(body),
        ("auth/jwt/login", "POST" or "PUT") => Jwt(body),
        ("auth/approle/login" or "auth/kubernetes/login" or "auth/jwt/login", _) => VaultAnswer.MethodNotAllowed,
        _ => null,
    };

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

    private VaultAnswer Jwt(VaultBody body) => (body.Text("role"), body.Text("jwt")) switch
    {
        (null or "", _) => VaultAnswer.Error(400, "missing role"),
        (_, null or "") => VaultAnswer.Error(400, "missing token"),
        (var role, _) when !_jwtRoles.ContainsKey(role) => VaultAnswer.Error(400, $"role \"{role}\" could not be found"),
        var (role, jwt) => _jwtRoles[role].Proof == jwt ? Accept(_jwtRoles[role]) : VaultAnswer.Error(400, "error validating token: invalid signature"),
    };

    private VaultAnswer Accept(Role role)
    {
        Interlocked.Increment(ref _logins);
        return tokens.Login(tokens.Create(role.Ttl, renewable: true, role.MaxTtl, role.Policies));
    }

    private sealed record Role(string Proof, TimeSpan Ttl, TimeSpan? MaxTtl, string[] Policies);
}
