using System.Buffers.Binary;
using System.Numerics;

namespace Ebb.Signing.Cryptography;

/// <summary>The Salsa20 permutation and what is built on it (Bernstein, "Salsa20 specification" and "Extending the Salsa20 nonce").</summary>
internal static class Salsa20
{
    public const int BlockBytes = 64;

    /// <summary>The permutation alone, without the final addition. <paramref name="rounds"/> is even: 20, or 8 in scrypt.</summary>
    public static void Permute(Span<uint> x, int rounds)
    {
        for (var round = 0; round < rounds; round += 2)
        {
            QuarterRound(ref x[0], ref x[4], ref x[8], ref x[12]);
            QuarterRound(ref x[5], ref x[9], ref x[13], ref x[1]);
            QuarterRound(ref x[10], ref x[14], ref x[2], ref x[6]);
            QuarterRound(ref x[15], ref x[3], ref x[7], ref x[11]);
            QuarterRound(ref x[0], ref x[1], ref x[2], ref x[3]);
            QuarterRound(ref x[5], ref x[6], ref x[7], ref x[4]);
            QuarterRound(ref x[10], ref x[11], ref x[8], ref x[9]);
            QuarterRound(ref x[15], ref x[12], ref x[13], ref x[14]);
        }
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

    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }
}
