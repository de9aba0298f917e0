using System.Buffers;
using System.Security.Cryptography;
using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git.Credentials;

/// <summary>
/// HMAC-SHA256 of the raw body in hexadecimal: GitHub's <c>X-Hub-Signature-256: sha256=…</c> (GitHub Docs, Validating webhook deliveries),
/// the Bitbuckets' <c>X-Hub-Signature: sha256=…</c>, and without a prefix Gitea's and Forgejo's.
/// </summary>
internal sealed class BodySignature(string header, string prefix) : ICredentialCheck
{
    public bool Admits(Delivery delivery, HookSecret secret)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> shown = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Key.Span, delivery.Body.Span, expected);
        var isReadable = TryRead(delivery.Header(header), shown);
        return CryptographicOperations.FixedTimeEquals(expected, shown) & isReadable & !secret.IsDecoy;
    }

    private bool TryRead(string? text, Span<byte> signature) =>
        text is not null
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && text.Length == prefix.Length + (2 * signature.Length)
        && Convert.FromHexString(text.AsSpan(prefix.Length), signature, out _, out _) == OperationStatus.Done;
}
