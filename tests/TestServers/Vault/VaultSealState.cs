using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Vault;

/// <summary>
/// The seal of one server (https://developer.hashicorp.com/vault/api-docs/system/seal-status and …/unseal). Shares are random and compared
/// whole: whether they fit shows with the last of them only, as with Shamir's.
/// </summary>
public sealed class VaultSealState
{
    private readonly List<string> _given = [];
    private readonly Lock _gate = new();
    private string _nonce = "";

    /// <summary>The shares in hexadecimal, five unless set; members of one cluster share them.</summary>
    public IReadOnlyList<string> Shares { get; set; } =
        [.. Enumerable.Range(0, 5).Select(_ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(33)))];

    public int Threshold { get; set; } = 3;

    public bool Initialized { get; set; } = true;

    public bool IsSealed { get; private set; }

    /// <summary>How many shares are given at the moment.</summary>
    public int Progress
    {
        get
        {
            lock (_gate)
            {
                return _given.Count;
            }
        }
    }

    /// <summary>How often it was unsealed.</summary>
    public int Unsealed { get; private set; }

    /// <summary>How often the shares that were given were not the key.</summary>
    public int Refused { get; private set; }

    public void Set(bool isSealed)
    {
        lock (_gate)
        {
            IsSealed = isSealed;
            _given.Clear();
        }
    }

    /// <summary>Somebody else unseals it.</summary>
    public void Open()
    {
        lock (_gate)
        {
            (IsSealed, Unsealed) = (false, Unsealed + 1);
            _given.Clear();
        }
    }

    internal VaultAnswer? TryAnswer(string method, string path, VaultBody body)
    {
        lock (_gate)
        {
            return (path, method) switch
            {
                ("sys/seal-status", "GET") => Status(),
                ("sys/unseal", "POST" or "PUT") => Unseal(body),
                ("sys/seal-status" or "sys/unseal", _) => VaultAnswer.Error(405),
                _ => null,
            };
        }
    }

    private VaultAnswer Unseal(VaultBody body)
    {
        if (body.Flag("reset"))
        {
            _given.Clear();
            return IsSealed ? Status() : VaultAnswer.Error(400, "vault is unsealed");
        }

        if (body.Text("key") is not { Length: > 0 } share)
        {
            return VaultAnswer.Error(400, "'key' must be specified in request body as JSON, or 'reset' set to true");
        }

        if (Decoded(share) is not { } key)
        {
            return VaultAnswer.Error(400, "'key' must be a valid hex or base64 string");
        }

        return !Initialized ? VaultAnswer.Error(400, "Vault is not initialized")
            : !IsSealed ? Status()
            : key.Length != 33 ? VaultAnswer.Error(400, $"key is {(key.Length < 33 ? "shorter than minimum 16" : "longer than maximum 33")} bytes")
            : Give(Convert.ToHexStringLower(key));
    }

    private VaultAnswer Give(string share)
    {
        if (!_given.Contains(share))
        {
            // One attempt has one nonce, from its first share on.
            _nonce = _given.Count == 0 ? Guid.NewGuid().ToString() : _nonce;
            _given.Add(share);
        }

        if (_given.Count < Threshold)
        {
            return Status();
        }

        var right = _given.All(given => Shares.Contains(given));
        _given.Clear();
        if (!right)
        {
            Refused++;
            return VaultAnswer.Error(400, "unseal failed, invalid key");
        }

        (IsSealed, Unsealed) = (false, Unsealed + 1);
        return Status();
    }

    private VaultAnswer Status() => new(200, new JsonObject
    {
        ["type"] = "shamir",
        ["initialized"] = Initialized,
        ["sealed"] = IsSealed || !Initialized,
        ["t"] = Initialized ? Threshold : 0,
        ["n"] = Initialized ? Shares.Count : 0,
        ["progress"] = _given.Count,
        ["nonce"] = _given.Count == 0 ? "" : _nonce,
        ["version"] = "1.20.0",
        ["build_date"] = DateTimeOffset.UnixEpoch.ToString("O", CultureInfo.InvariantCulture),
        ["migration"] = false,
        ["recovery_seal"] = false,
        ["storage_type"] = "raft",
    });

    private static byte[]? Decoded(string share)
    {
        if (share.Length % 2 == 0 && share.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(share);
        }

        var bytes = new byte[share.Length];
        return Convert.TryFromBase64String(share, bytes, out var length) ? bytes[..length] : null;
    }
}
