using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>The 16 random bytes from which a file's keys derive. Overwritten on disposal.</summary>
internal sealed class FileKey : IDisposable
{
    public const int Length = 16;
    public const int NonceLength = 16;
    public const int MacLength = 32;

    private readonly byte[] _key;

    private FileKey(byte[] key) => _key = key;

    public ReadOnlySpan<byte> Bytes => _key;

    public static FileKey Generate()
    {
        var key = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        RandomNumberGenerator.Fill(key);
        return new FileKey(key);
    }

    public static FileKey Take(ReadOnlySpan<byte> bytes)
    {
        var key = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        bytes.CopyTo(key);
        return new FileKey(key);
    }

    /// <summary>HMAC-SHA256 over the header up to and including <c>---</c>.</summary>
    public byte[] Mac(ReadOnlySpan<byte> header)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, [], "header"u8);
        var mac = HMACSHA256.HashData(key, header);
        CryptographicOperations.ZeroMemory(key);
        return mac;
    }

    public PayloadCipher Payload(ReadOnlySpan<byte> nonce)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, nonce, "payload"u8);
        var cipher = new PayloadCipher(key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
