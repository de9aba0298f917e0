using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Poly1305 = Org.BouncyCastle.Crypto.Macs.Poly1305;

namespace Ebb.Signing.Cryptography;

/// <summary>NaCl's secretbox: XSalsa20-Poly1305, the tag first (Bernstein, "Cryptography in NaCl", 10), of BouncyCastle's parts.</summary>
internal static class SecretBox
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 24;
    public const int Overhead = 16;

    /// <summary>Encrypts; the box is <see cref="Overhead"/> bytes longer than the message.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message)
    {
        var box = new byte[Overhead + message.Length];
        var (cipher, authenticator) = Open(key, nonce);
        cipher.ProcessBytes(message, box.AsSpan(Overhead));
        Tag(authenticator, box.AsSpan(Overhead), box);
        return box;
    }

    /// <summary>Decrypts into <paramref name="message"/>, which is <see cref="Overhead"/> bytes shorter than the box. False, and nothing is written, when the tag does not match.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
    {
        if (box.Length < Overhead || message.Length != box.Length - Overhead)
        {
            return false;
        }

        var (cipher, authenticator) = Open(key, nonce);
        Span<byte> tag = stackalloc byte[Overhead];
        Tag(authenticator, box[Overhead..], tag);
        var matches = CryptographicOperations.FixedTimeEquals(tag, box[..Overhead]);
        if (matches)
        {
            cipher.ProcessBytes(box[Overhead..], message);
        }

        return matches;
    }

    // The first 32 bytes of the stream are the authenticator's key, the message begins after them.
    private static (XSalsa20Engine Cipher, Poly1305 Authenticator) Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        var cipher = new XSalsa20Engine();
        cipher.Init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        Span<byte> authenticatorKey = stackalloc byte[KeyBytes];
        authenticatorKey.Clear();
        cipher.ProcessBytes(authenticatorKey, authenticatorKey);
        var authenticator = new Poly1305();
        authenticator.Init(new KeyParameter(authenticatorKey));
        authenticatorKey.Clear();
        return (cipher, authenticator);
    }

    private static void Tag(Poly1305 authenticator, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        authenticator.BlockUpdate(content);
        authenticator.DoFinal(tag);
    }
}
