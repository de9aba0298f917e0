using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>Tokens and their leases (https://developer.hashicorp.com/vault/api-docs/auth/token).</summary>
public sealed class VaultTokenStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, VaultServerToken> _tokens = new();

    /// <summary>Creates a token. A TTL of zero never expires. Policies are <c>capability path</c>; a path may end with <c>*</c>.</summary>
    public VaultServerToken Create(TimeSpan ttl = default, bool renewable = true, TimeSpan? maxTtl = null, params string[] policies)
    {
        var now = time.GetUtcNow();
        var token = new VaultServerToken($"hvs.{Guid.NewGuid():N}{Guid.NewGuid():N}", policies)
        {
            Ttl = ttl,
            Renewable = renewable && ttl > TimeSpan.Zero,
            Expires = ttl > TimeSpan.Zero ? now + ttl : DateTimeOffset.MaxValue,
            MaxExpires = maxTtl is { } max ? now + max : DateTimeOffset.MaxValue,
        };
        _tokens[token.Value] = token;
        return token;
    }

    public void Revoke(VaultServerToken token) => _tokens.TryRemove(token.Value, out _);

    public void RevokeAll() => _tokens.Clear();

    internal VaultServerToken? Find(string? value) =>
        value is not null && _tokens.TryGetValue(value, out var token) && time.GetUtcNow() < token.Expires ? token : null;

    internal VaultAnswer? TryAnswer(string method, string path, VaultServerToken token) => path switch
    {
        "auth/token/lookup-self" => method is "GET" ? VaultAnswer.Data(Describe(token)) : VaultAnswer.MethodNotAllowed,
        "auth/token/renew-self" => method is "POST" or "PUT" ? Renew(token) : VaultAnswer.MethodNotAllowed,
        _ => null,
    };

    internal VaultAnswer Login(VaultServerToken token) => VaultAnswer.Of("auth", Auth(token));

    private VaultAnswer Renew(VaultServerToken token)
    {
        if (!token.Renewable)
        {
            return VaultAnswer.Error(400, "lease is not renewable");
        }

        var until = time.GetUtcNow() + token.Ttl;
        token.Expires = until < token.MaxExpires ? until : token.MaxExpires;
        return VaultAnswer.Of("auth", Auth(token));
    }

    private JsonObject Auth(VaultServerToken token) => new()
    {
        ["client_token"] = token.Value,
        ["accessor"] = "accessor",
        ["policies"] = new JsonArray("default"),
        ["lease_duration"] = Remaining(token),
        ["renewable"] = token.Renewable,
    };

    private JsonObject Describe(VaultServerToken token) => new()
    {
        ["id"] = token.Value,
        ["ttl"] = Remaining(token),
        ["renewable"] = token.Renewable,
        ["expire_time"] = token.Ttl == TimeSpan.Zero ? null : token.Expires.ToString("O"),
        ["policies"] = new JsonArray("default"),
    };

    private long Remaining(VaultServerToken token) => token.Ttl == TimeSpan.Zero ? 0 : (long)(token.Expires - time.GetUtcNow()).TotalSeconds;
}
