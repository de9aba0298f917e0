using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ebb.Signing.Cryptography;

/// <summary>The Salsa20 permutation and what is built on it (Bernstein, "Salsa20 specification" and "Extending the Salsa20 nonce").</summary>
internal static class Salsa20
{
    public const int BlockBytes = 64;

    /// <summary>The permutation alone, without the final addition. <paramref name="rounds"/> is even: 20, or 8 in scrypt.</summary>
    public static void Permute(Span<uint> x, int rounds)
    {
        // In locals, the state stays in registers; scrypt runs this four million times for one key.
        var (x0, x1, x2, x3, x4, x5, x6, x7) = (x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]);
        var (x8, x9, x10, x11, x12, x13, x14, x15) = (x[8], x[9], x[10], x[11], x[12], x[13], x[14], x[15]);
        for (var round = 0; round < rounds; round += 2)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref x5, ref x9, ref x13, ref x1);
            QuarterRound(ref x10, ref x14, ref x2, ref x6);
            QuarterRound(ref x15, ref x3, ref x7, ref x11);
            QuarterRound(ref x0, ref x1, ref x2, ref x3);
            QuarterRound(ref x5, ref x6, ref x7, ref x4);
            QuarterRound(ref x10, ref x11, ref x8, ref x9);
            QuarterRound(ref x15, ref x12, ref x13, ref x14);
        }

        (x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]) = (x0, x1, x2, x3, x4, x5, x6, x7);
        (x[8], x[9], x[10], x[11], x[12], x[13], x[14], x[15]) = (x8, x9, x10, x11, x12, x13, x14, x15);
    }

    /// <summary>HSalsa20: the key of one XSalsa20 stream, from the key and the first 16 bytes of the nonce.</summary>
    public static void DeriveKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce16, Span<byte> subkey)
    {
        Span<uint> state = stackalloc uint[16];
        Initialize(state, key, nonce16);
        Permute(state, rounds: 20);
        ReadOnlySpan<int> words = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(subkey[(4 * i)..], state[words[i]]);
        }

        state.Clear();
    }

    /// <summary>One block of the key stream.</summary>
    public static void Block(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce8, ulong counter, Span<byte> block)
    {
        Span<byte> input = stackalloc byte[16];
        nonce8.CopyTo(input);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], counter);
        Span<uint> start = stackalloc uint[16];
        Span<uint> state = stackalloc uint[16];
        Initialize(start, key, input);
        start.CopyTo(state);
        Permute(state, rounds: 20);
        for (var i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], state[i] + start[i]);
        }

        start.Clear();
        state.Clear();
    }

    private static void Initialize(Span<uint> state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> input16)
    {
        // "expand 32-byte k", the diagonal of the state.
        (state[0], state[5], state[10], state[15]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < 4; i++)
        {
            state[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            state[6 + i] = BinaryPrimitives.ReadUInt32LittleEndian(input16[(4 * i)..]);
            state[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + 4 * i)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }
}
