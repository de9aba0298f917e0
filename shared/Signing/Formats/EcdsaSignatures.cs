using System.Security.Cryptography;

namespace Ebb.Signing.Formats;

/// <summary>Verifies signatures that may be anything.</summary>
internal static class EcdsaSignatures
{
    /// <summary>An ASN.1 DER signature with P-256 has at most 72 bytes.</summary>
    public const int MaxBytes = 72;

    private const int MaxText = 128;

    public static bool Verifies(ECDsa key, ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> der)
    {
        if (der.Length is 0 or > MaxBytes)
        {
            return false;
        }

        try
        {
            // The platform promises nothing about one key in two threads.
            lock (key)
            {
                return key.VerifyHash(sha256, der, DSASignatureFormat.Rfc3279DerSequence);
            }
        }
        catch (CryptographicException)
        {
            // No DER at all: not a signature, which is the answer.
            return false;
        }
    }

    /// <summary>The signature in base64, or null when the text cannot be one.</summary>
    public static byte[]? Decode(string? base64)
    {
        if (base64 is null || base64.Length > MaxText)
        {
            return null;
        }

        var der = new byte[MaxText];
        return Convert.TryFromBase64String(base64, der, out var length) && length <= MaxBytes ? der[..length] : null;
    }
}
