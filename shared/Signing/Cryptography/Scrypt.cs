using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ebb.Signing.Cryptography;

/// <summary>The password-based key derivation function scrypt (RFC 7914).</summary>
internal static class Scrypt
{
    /// <summary>Derives a key. Takes 128 * <paramref name="n"/> * <paramref name="r"/> bytes of memory while it runs.</summary>
    /// <param name="password">The password; may be empty.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="n">CPU and memory cost, a power of two greater than 1.</param>
    /// <param name="r">Block size.</param>
    /// <param name="p">Parallelization; the lanes are computed one after the other.</param>
    /// <param name="key">Receives the key.</param>
    public static void DeriveKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, Span<byte> key)
    {
        var lane = 128 * r;
        var blocks = new byte[lane * p];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, blocks, iterations: 1, HashAlgorithmName.SHA256);
        using (var table = new SecretBuffer(checked(n * lane / sizeof(uint))))
        using (var scratch = new SecretBuffer(2 * lane / sizeof(uint)))
        {
            for (var i = 0; i < p; i++)
            {
                RoMix(MemoryMarshal.Cast<byte, uint>(blocks.AsSpan(i * lane, lane)), n, table.Span, scratch.Span);
            }
        }

        Rfc2898DeriveBytes.Pbkdf2(password, blocks, key, iterations: 1, HashAlgorithmName.SHA256);
        CryptographicOperations.ZeroMemory(blocks);
    }

    // RFC 7914, 5: scryptROMix.
    private static void RoMix(Span<uint> block, int n, Span<uint> table, Span<uint> scratch)
    {
        var x = scratch[..block.Length];
        var y = scratch[block.Length..];
        Reorder(block, x);
        for (var i = 0; i < n; i++)
        {
            x.CopyTo(table[(i * x.Length)..]);
            BlockMix(x, y);
            var next = y;
            y = x;
            x = next;
        }

        for (var i = 0; i < n; i++)
        {
            var j = (int)(x[x.Length - 16] & (uint)(n - 1));
            Xor(x, table.Slice(j * x.Length, x.Length));
            BlockMix(x, y);
            var next = y;
            y = x;
            x = next;
        }

        Reorder(x, block);
    }

    // RFC 7914, 4: scryptBlockMix. Even blocks go to the first half, odd ones to the second.
    private static void BlockMix(ReadOnlySpan<uint> input, Span<uint> output)
    {
        Span<uint> x = stackalloc uint[16];
        Span<uint> start = stackalloc uint[16];
        input[^16..].CopyTo(x);
        var count = input.Length / 16;
        for (var i = 0; i < count; i++)
        {
            Xor(x, input.Slice(16 * i, 16));
            x.CopyTo(start);
            Salsa20.Permute(x, rounds: 8);
            for (var word = 0; word < 16; word++)
            {
                x[word] += start[word];
            }

            x.CopyTo(output[(16 * (i / 2 + (i % 2 * count / 2)))..]);
        }
    }

    private static void Xor(Span<uint> target, ReadOnlySpan<uint> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] ^= other[i];
        }
    }

    private static void Reorder(ReadOnlySpan<uint> source, Span<uint> target)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(target);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(source, target);
        }
    }
}
