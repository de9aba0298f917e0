using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Credentials;

/// <summary>
/// GitLab: with a signing token (<c>whsec_…</c>) an HMAC-SHA256 over <c>id.timestamp.body</c> in <c>webhook-signature</c> (Standard Webhooks
/// 1.0.0, Signature scheme), whose time must be near now; with a secret token that token in <c>X-Gitlab-Token</c>. The secret decides which
/// one counts: a signing token is never taken as a plain one.
/// </summary>
internal sealed class GitLabCredential(TimeProvider time, TimeSpan window) : ICredentialCheck
{
    private const int MaxSignatures = 10;

    public bool Admits(Delivery delivery, HookSecret secret)
    {
        // Both are worked out whichever counts, so that the time taken does not tell which kind of secret a hook has, or that it has none.
        var isSigned = IsSigned(delivery, secret);
        var isToken = Secrets.AreEqual(delivery.Header("X-Gitlab-Token"), secret);
        return secret.IsSigningToken ? isSigned : isToken;
    }

    private bool IsSigned(Delivery delivery, HookSecret secret)
    {
        var timestamp = delivery.Header("webhook-timestamp") ?? "";
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key.Span);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{delivery.Header("webhook-id")}.{timestamp}."));
        hmac.AppendData(delivery.Body.Span);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(expected);
        var found = false;
        foreach (var signature in (delivery.Header("webhook-signature") ?? "").Split(' ').Take(MaxSignatures))
        {
            found |= IsV1(signature, expected);
        }

        return found & IsNear(timestamp);
    }

    private bool IsNear(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)time.GetUtcNow().ToUnixTimeSeconds() - seconds) <= (decimal)window.TotalSeconds;

    private static bool IsV1(string signature, ReadOnlySpan<byte> expected)
    {
        Span<byte> shown = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isReadable = signature.StartsWith("v1,", StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(signature.AsSpan(3), shown, out var length) && length == shown.Length;
        return CryptographicOperations.FixedTimeEquals(expected, shown) & isReadable;
    }
}
