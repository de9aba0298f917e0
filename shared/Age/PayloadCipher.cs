using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>Encrypts or decrypts the chunks of one payload, in order (C2SP age, "Payload"): the nonce counts them and marks the last.</summary>
internal sealed class PayloadCipher : IDisposable
{
    public const int ChunkBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int SealedBytes = ChunkBytes + TagBytes;

    private const int NonceBytes = 12;
    private const int CounterAt = 3;

    private readonly ChaCha20Poly1305 _cipher;
    private readonly byte[] _nonce = new byte[NonceBytes];
    private ulong _counter;

    public PayloadCipher(ReadOnlySpan<byte> key)
    {
        if (!ChaCha20Poly1305.IsSupported)
        {
            throw new PlatformNotSupportedException("ChaCha20-Poly1305 is not available: OpenSSL is missing, or its configuration (FIPS) forbids it.");
        }

        _cipher = new ChaCha20Poly1305(key);
    }

    public void Seal(ReadOnlySpan<byte> chunk, bool isLast, Span<byte> destination)
    {
        _cipher.Encrypt(Nonce(isLast), chunk, destination[..chunk.Length], destination.Slice(chunk.Length, TagBytes));
        _counter++;
    }

    /// <summary>False when the chunk is not authentic; nothing is in <paramref name="destination"/> then, and the count stays.</summary>
    public bool TryOpen(ReadOnlySpan<byte> chunk, bool isLast, Span<byte> destination)
    {
        if (chunk.Length < TagBytes)
        {
            return false;
        }

        var content = chunk[..^TagBytes];
        try
        {
            _cipher.Decrypt(Nonce(isLast), content, chunk[^TagBytes..], destination[..content.Length]);
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(destination[..content.Length]);
            return false;
        }

        _counter++;
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    // 2^64 chunks are more than any disk holds: the counter's upper three bytes stay zero.
    private ReadOnlySpan<byte> Nonce(bool isLast)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_nonce.AsSpan(CounterAt), _counter);
        _nonce[^1] = isLast ? (byte)1 : (byte)0;
        return _nonce;
    }
}
