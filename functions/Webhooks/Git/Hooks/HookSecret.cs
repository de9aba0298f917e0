using System.Security.Cryptography;
using System.Text;

namespace Ebb.Webhooks.Git.Hooks;

/// <summary>One secret of a hook. Where there is none a decoy is compared, so that this takes as long.</summary>
internal sealed class HookSecret
{
    /// <summary>The shortest secret that is taken: 16 bytes. A shorter one could be found by trying.</summary>
    public const int MinLength = 16;

    /// <summary>The longest file that is read.</summary>
    public const int MaxLength = 4096;

    // GitLab's signing tokens (Standard Webhooks 1.0.0, Symmetric signatures): the key is what the base64 stands for.
    private const string SigningPrefix = "whsec_";

    private HookSecret(byte[] key, bool isSigningToken, bool isDecoy)
    {
        Key = key;
        Hash = SHA256.HashData(key);
        IsSigningToken = isSigningToken;
        IsDecoy = isDecoy;
    }

    /// <summary>The key of signatures.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>SHA-256 of the key: what a secret that is sent as it is gets compared with, so that its length does not show.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>True for GitLab's <c>whsec_…</c>: only signatures made with it count, never the token itself.</summary>
    public bool IsSigningToken { get; }

    /// <summary>True where there is no secret: nothing that was sent is ever let in.</summary>
    public bool IsDecoy { get; }

    public static HookSecret Decoy() => new(RandomNumberGenerator.GetBytes(32), isSigningToken: false, isDecoy: true);

    /// <summary>The secret in a file's text; null when it is too short or no signing token after all.</summary>
    public static HookSecret? Of(string text)
    {
        if (!text.StartsWith(SigningPrefix, StringComparison.Ordinal))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return bytes.Length < MinLength ? null : new HookSecret(bytes, isSigningToken: false, isDecoy: false);
        }

        var key = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(SigningPrefix.Length), key, out var length) && length >= MinLength
            ? new HookSecret(key[..length], isSigningToken: true, isDecoy: false)
            : null;
    }
}
