using System.Security.Cryptography;
using Ebb.OpenSsl;

namespace Ebb.Age;

/// <summary>How a file key is wrapped for an X25519 recipient (C2SP age, "The X25519 recipient type").</summary>
internal static class X25519Stanza
{
    public const string Type = "X25519";

    private const int WrappedBytes = FileKey.Length + PayloadCipher.TagBytes;

    private static readonly byte[] ZeroNonce = new byte[12];

    public static Stanza Wrap(FileKey fileKey, AgeRecipient recipient)
    {
        using var ephemeral = X25519PrivateKey.Generate();
        Span<byte> secret = stackalloc byte[X25519PrivateKey.KeyBytes];
        try
        {
            ephemeral.Agree(recipient.PublicKey, secret);
            using var cipher = Cipher(secret, ephemeral.PublicKey.Span, recipient);
            var body = new byte[WrappedBytes];
            cipher.Encrypt(ZeroNonce, fileKey.Bytes, body.AsSpan(0, FileKey.Length), body.AsSpan(FileKey.Length));
            return new Stanza(Type, [HeaderBase64.Encode(ephemeral.PublicKey.Span)], body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Null when the stanza is for someone else.</summary>
    /// <exception cref="AgeException">The stanza is malformed.</exception>
    public static FileKey? TryUnwrap(Stanza stanza, AgeIdentity identity)
    {
        var share = Share(stanza);
        Span<byte> secret = stackalloc byte[X25519PrivateKey.KeyBytes];
        Span<byte> key = stackalloc byte[FileKey.Length];
        try
        {
            identity.Agree(share, secret);
            using var cipher = Cipher(secret, share, identity.Recipient);
            cipher.Decrypt(ZeroNonce, stanza.Body.AsSpan(0, FileKey.Length), stanza.Body.AsSpan(FileKey.Length), key);
            return FileKey.Take(key);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        catch (KeyAgreementException low)
        {
            throw new AgeException(AgeFailure.Header, "The age header is malformed: an X25519 share is of low order.", low);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Share(Stanza stanza)
    {
        var share = stanza.Arguments.Count == 1 ? HeaderBase64.TryDecode(stanza.Arguments[0]) : null;
        return share is { Length: X25519PrivateKey.KeyBytes } && stanza.Body.Length == WrappedBytes
            ? share
            : throw new AgeException(AgeFailure.Header, "The age header is malformed: an X25519 stanza has one share of 32 bytes and a body of 32 bytes.");
    }

    private static ChaCha20Poly1305 Cipher(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> share, AgeRecipient recipient)
    {
        Span<byte> key = stackalloc byte[32];
        ReadOnlySpan<byte> salt = [.. share, .. recipient.PublicKey];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, "age-encryption.org/v1/X25519"u8);
        var cipher = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
