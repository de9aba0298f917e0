using System.Globalization;
using System.Text.Json;

namespace Ebb.Vault;

/// <summary>The transit engine: signs with keys that never leave the server (Vault API, Transit secrets engine).</summary>
public sealed class VaultTransit(VaultClient client, string? mount = null)
{
    private readonly string _mount = mount ?? client.Options.TransitMount;

    /// <summary>Signs a SHA-256 hash with the key's newest version.</summary>
    /// <exception cref="VaultException">The key is missing, may not be used, or the server refuses.</exception>
    public async Task<TransitSignature> SignAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var body = new SignBody(Convert.ToBase64String(sha256.Span), Prehashed: true);

        // Signing again gives another, equally good signature.
        var request = VaultRequest.Post(VaultPath.Join(_mount, "sign", key, "sha2-256"), body, VaultJson.Default.SignBody) with { Repeatable = true };
        var answer = await client.SendAsync(request, VaultJson.Default.SignAnswer, cancellationToken);
        return TransitSignature.TryParse(answer.Data?.Signature, out var signature)
            ? signature
            : throw new VaultException($"{client.Options} answered {request} without a signature such as vault:v1:<base64>.", VaultFault.Protocol);
    }

    /// <summary>Reads a key's type and public keys. Versions below the key's <c>min_decryption_version</c> are not listed: they count no more.</summary>
    /// <exception cref="VaultException">The key is missing or may not be read.</exception>
    public async Task<TransitKey> ReadKeyAsync(string key, CancellationToken cancellationToken)
    {
        var request = VaultRequest.Get(VaultPath.Join(_mount, "keys", key));
        var data = (await client.SendAsync(request, VaultJson.Default.KeyAnswer, cancellationToken)).Data
            ?? throw new VaultException($"{client.Options} answered {request} without a key.", VaultFault.Protocol);
        var versions = new SortedDictionary<int, string>();
        foreach (var (version, value) in data.Keys ?? [])
        {
            if (int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && PublicKey(value) is { Length: > 0 } pem)
            {
                versions[number] = pem;
            }
        }

        return new TransitKey(data.Type ?? "", data.LatestVersion, versions);
    }

    private static string? PublicKey(JsonElement version) =>
        version.ValueKind == JsonValueKind.Object && version.TryGetProperty("public_key", out var pem) && pem.ValueKind == JsonValueKind.String
            ? pem.GetString()
            : null;
}
