using System.Security.Cryptography;
using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl;

/// <summary>A private key for X25519 key agreement (RFC 7748), held and used by OpenSSL, which overwrites it on disposal.</summary>
public sealed class X25519PrivateKey : IDisposable
{
    /// <summary>Length of a private key, a public key and an agreed secret.</summary>
    public const int KeyBytes = 32;

    private const int X25519 = 1034;

    private readonly PrivateKeyHandle _key;
    private readonly byte[] _publicKey = new byte[KeyBytes];

    private X25519PrivateKey(PrivateKeyHandle key)
    {
        _key = key;
        nuint length = KeyBytes;
        Check(LibCrypto.EVP_PKEY_get_raw_public_key(_key, _publicKey, ref length) == 1 && length == KeyBytes, "The public key of an X25519 key could not be computed");
    }

    /// <summary>What the other side needs, 32 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>A new key from OpenSSL's random generator.</summary>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static X25519PrivateKey Generate()
    {
        OpenSslLibrary.Require();
        using var context = LibCrypto.EVP_PKEY_CTX_new_id(X25519, 0);
        Check(!context.IsInvalid && LibCrypto.EVP_PKEY_keygen_init(context) == 1, "X25519 is not available in OpenSSL");
        Check(LibCrypto.EVP_PKEY_keygen(context, out var key) == 1, "No X25519 key could be generated");
        return new X25519PrivateKey(key);
    }

    /// <summary>Takes a key of 32 bytes, which the caller may overwrite afterwards.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static X25519PrivateKey Import(ReadOnlySpan<byte> key)
    {
        RequireLength(key.Length, nameof(key));
        OpenSslLibrary.Require();
        var handle = LibCrypto.EVP_PKEY_new_raw_private_key(X25519, 0, key, KeyBytes);
        Check(!handle.IsInvalid, "OpenSSL did not take an X25519 private key");
        return new X25519PrivateKey(handle);
    }

    /// <summary>Copies the private key; the caller overwrites the copy when done with it.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not 32 bytes long.</exception>
    public void Export(Span<byte> destination)
    {
        RequireLength(destination.Length, nameof(destination));
        nuint length = KeyBytes;
        Check(LibCrypto.EVP_PKEY_get_raw_private_key(_key, destination, ref length) == 1, "OpenSSL did not give an X25519 private key back");
    }

    /// <summary>The secret shared with the owner of <paramref name="publicKey"/>, 32 bytes; the caller overwrites it when done.</summary>
    /// <exception cref="ArgumentException">A length is not 32.</exception>
    /// <exception cref="KeyAgreementException">The public key is of low order, so that the secret would be all zeros (RFC 7748, section 6.1).</exception>
    public void Agree(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        RequireLength(publicKey.Length, nameof(publicKey));
        RequireLength(sharedSecret.Length, nameof(sharedSecret));
        using var peer = LibCrypto.EVP_PKEY_new_raw_public_key(X25519, 0, publicKey, KeyBytes);
        using var context = LibCrypto.EVP_PKEY_CTX_new(_key, 0);
        Check(!peer.IsInvalid && !context.IsInvalid && LibCrypto.EVP_PKEY_derive_init(context) == 1, "X25519 key agreement could not start");

        nuint length = KeyBytes;
        var agreed = LibCrypto.EVP_PKEY_derive_set_peer(context, peer) == 1
            && LibCrypto.EVP_PKEY_derive(context, sharedSecret, ref length) == 1
            && length == KeyBytes
            && sharedSecret.ContainsAnyExcept((byte)0);
        if (!agreed)
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            LibCrypto.ERR_clear_error();
            throw new KeyAgreementException("No secret can be agreed with this X25519 public key: it is of low order, which no honest side sends.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static void RequireLength(int length, string parameter)
    {
        if (length != KeyBytes)
        {
            throw new ArgumentException($"X25519 works with {KeyBytes} bytes, not {length}.", parameter);
        }
    }

    private static void Check(bool success, string failure)
    {
        if (!success)
        {
            throw new KeyAgreementException($"{failure}: {OpenSslErrors.TakeText()}.");
        }
    }
}
