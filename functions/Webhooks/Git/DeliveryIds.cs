using System.Security.Cryptography;

namespace Ebb.Webhooks.Git;

/// <summary>Names deliveries.</summary>
internal static class DeliveryIds
{
    private const int MaxLength = 128;

    /// <summary>
    /// The host's own id. Where it sends none, or one that cannot be (the header is not signed), the hash of the body: the same body again
    /// is then the same delivery.
    /// </summary>
    public static string Of(string? id, Delivery delivery) =>
        id is { Length: > 0 and <= MaxLength } && id.All(c => c is > ' ' and < '\x7f')
            ? id
            : Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span));
}
