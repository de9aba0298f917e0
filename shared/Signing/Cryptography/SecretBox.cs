using System.Security.Cryptography;

namespace Ebb.Signing.Cryptography;

/// <summary>NaCl's secretbox: XSalsa20-Poly1305, the tag first (Bernstein, "Cryptography in NaCl", 10).</summary>
internal static class SecretBox
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 24;
    public const int Overhead = Poly1305.TagBytes;

    /// <summary>Encrypts; the box is <see cref="Overhead"/> bytes longer than the message.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message)
    {
        var box = new byte[Overhead + message.Length];
        Span<byte> tagKey = stackalloc byte[Poly1305.KeyBytes];
        Xor(key, nonce, message, box.AsSpan(Overhead), tagKey);
        Poly1305.Compute(tagKey, box.AsSpan(Overhead), box);
        tagKey.Clear();
        return box;
    }

    /// <summary>Decrypts into <paramref name="message"/>, which is <see cref="Overhead"/> bytes shorter than the box. False, and nothing is written, when the tag does not match.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
    {
        if (box.Length < Overhead || message.Length != box.Length - Overhead)
        {
            return false;
        }

        Span<byte> tagKey = stackalloc byte[Poly1305.KeyBytes];
        Span<byte> tag = stackalloc byte[Poly1305.TagBytes];
        Xor(key, nonce, [], [], tagKey);
        Poly1305.Compute(tagKey, box[Overhead..], tag);
        var matches = CryptographicOperations.FixedTimeEquals(tag, box[..Overhead]);
        if (matches)
        {
            Xor(key, nonce, box[Overhead..], message, tagKey);
        }

        tagKey.Clear();
        return matches;
    }

    // The first 32 bytes of the stream are the authenticator's key, the message begins after them.
    private static void Xor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, Span<byte> output, Span<byte> tagKey)
    {
        Span<byte> subkey = stackalloc byte[KeyBytes];
        Span<byte> block = stackalloc byte[Salsa20.BlockBytes];
        Salsa20.DeriveKey(key, nonce[..16], subkey);
        Salsa20.Block(subkey, nonce[16..], 0, block);
        block[..tagKey.Length].CopyTo(tagKey);
        var used = tagKey.Length;
        var counter = 0UL;
        for (var i = 0; i < input.Length; i++)
        {
            if (used == block.Length)
            {
                Salsa20.Block(subkey, nonce[16..], ++counter, block);
                used = 0;
            }

            output[i] = (byte)(input[i] ^ block[used++]);
        }

        subkey.Clear();
        block.Clear();
    }
}
