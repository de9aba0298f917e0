using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>The transit engine at <c>transit/</c> with real keys (https://developer.hashicorp.com/vault/api-docs/secret/transit).</summary>
public sealed class VaultTransitEngine(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Key> _keys = new();

    /// <summary>Creates a key. The type is <c>ecdsa-p256</c>, <c>ecdsa-p384</c> or <c>aes256-gcm96</c>.</summary>
    public void Create(string name, string type = "ecdsa-p256") => _keys[name] = new Key(type, [NewVersion(type)]);

    public void Rotate(string name) => _keys.AddOrUpdate(name, _ => throw new KeyNotFoundException(name), (_, key) => key with { Versions = [.. key.Versions, NewVersion(key.Type)] });

    /// <summary>Sets <c>min_decryption_version</c>: older versions are archived and no longer listed.</summary>
    public void Archive(string name, int minDecryptionVersion) =>
        _keys.AddOrUpdate(name, _ => throw new KeyNotFoundException(name), (_, key) => key with { MinDecryptionVersion = minDecryptionVersion });

    internal VaultAnswer Answer(string method, string path, VaultBody body) => (method, path.Split('/')) switch
    {
        ("GET", ["transit", "keys", var name]) => _keys.TryGetValue(name, out var key) ? Read(name, key) : VaultAnswer.NotFound,
        ("POST" or "PUT", ["transit", "sign", var name, var algorithm]) => Sign(name, algorithm, body),
        (_, ["transit", "keys" or "sign", ..]) => VaultAnswer.MethodNotAllowed,
        _ => VaultAnswer.Error(404, $"no handler for route \"{path}\". route entry not found."),
    };

    private static VaultAnswer Invalid(string reason) => VaultAnswer.Error(400, reason);

    private VaultAnswer Sign(string name, string algorithm, VaultBody body)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            return Invalid("signing key not found");
        }

        if (key.Versions[^1].Key is not { } signer)
        {
            return Invalid($"key type {key.Type} does not support signing");
        }

        if (algorithm != "sha2-256")
        {
            return Invalid($"invalid hash algorithm {algorithm}");
        }

        if (body.Text("input") is not { } input)
        {
            return Invalid("missing input");
        }

        var data = new byte[input.Length];
        if (!Convert.TryFromBase64String(input, data, out var length))
        {
            return Invalid($"unable to decode input as base64: illegal base64 data at input byte 0");
        }

        if (body.Flag("prehashed") && length != 32)
        {
            return Invalid("input length does not match the hash algorithm's");
        }

        var hash = body.Flag("prehashed") ? data[..length] : SHA256.HashData(data.AsSpan(0, length));
        var signature = signer.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        return VaultAnswer.Data(new JsonObject
        {
            ["key_version"] = key.Versions.Count,
            ["signature"] = $"vault:v{key.Versions.Count}:{Convert.ToBase64String(signature)}",
        });
    }

    private static VaultAnswer Read(string name, Key key)
    {
        var versions = new JsonObject();
        for (var version = key.MinDecryptionVersion; version <= key.Versions.Count; version++)
        {
            var (ecdsa, created) = key.Versions[version - 1];
            versions[$"{version}"] = ecdsa is null
                ? created.ToUnixTimeSeconds()
                : new JsonObject { ["creation_time"] = created.ToString("O"), ["name"] = key.Type[6..], ["public_key"] = ecdsa.ExportSubjectPublicKeyInfoPem() + "\n" };
        }

        return VaultAnswer.Data(new JsonObject
        {
            ["name"] = name,
            ["type"] = key.Type,
            ["latest_version"] = key.Versions.Count,
            ["min_decryption_version"] = key.MinDecryptionVersion,
            ["min_encryption_version"] = 0,
            ["supports_signing"] = key.Type.StartsWith("ecdsa", StringComparison.Ordinal),
            ["keys"] = versions,
        });
    }

    private (ECDsa? Key, DateTimeOffset Created) NewVersion(string type) => type switch
    {
        "ecdsa-p256" => (ECDsa.Create(ECCurve.NamedCurves.nistP256), time.GetUtcNow()),
        "ecdsa-p384" => (ECDsa.Create(ECCurve.NamedCurves.nistP384), time.GetUtcNow()),
        _ => (null, time.GetUtcNow()),
    };

    private sealed record Key(string Type, IReadOnlyList<(ECDsa? Key, DateTimeOffset Created)> Versions, int MinDecryptionVersion = 1);
}
