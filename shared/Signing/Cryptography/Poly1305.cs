using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ebb.Signing.Cryptography;

/// <summary>The one-time authenticator Poly1305 (RFC 8439, 2.5). No branch and no index depends on a secret.</summary>
internal static class Poly1305
{
    public const int KeyBytes = 32;
    public const int TagBytes = 16;

    /// <summary>Computes the tag of a message. A key authenticates one message only.</summary>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> tag)
    {
        var r0 = BinaryPrimitives.ReadUInt64LittleEndian(key) & 0x0FFFFFFC0FFFFFFF;
        var r1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) & 0x0FFFFFFC0FFFFFFC;
        var sum = default(Accumulator);
        Span<byte> last = stackalloc byte[16];
        while (message.Length >= 16)
        {
            sum = sum.Add(message, 1).Multiply(r0, r1);
            message = message[16..];
        }

        if (!message.IsEmpty)
        {
            message.CopyTo(last);
            last[message.Length] = 1;
            sum = sum.Add(last, 0).Multiply(r0, r1);
            last.Clear();
        }

        BinaryPrimitives.WriteUInt128LittleEndian(tag, sum.Reduce() + BinaryPrimitives.ReadUInt128LittleEndian(key[16..]));
    }

    /// <summary>130 bits and a little more: <c>High * 2^128 + Low</c>, modulo 2^130 - 5.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Accumulator(UInt128 Low, ulong High)
    {
        public Accumulator Add(ReadOnlySpan<byte> block, ulong highBit) => Add(BinaryPrimitives.ReadUInt128LittleEndian(block), highBit);

        public Accumulator Multiply(ulong r0, ulong r1)
        {
            var (h0, h1) = ((ulong)Low, (ulong)(Low >> 64));
            var m0 = (UInt128)h0 * r0;
            var m1 = (UInt128)h1 * r0 + (UInt128)h0 * r1;
            var m2 = (UInt128)High * r0 + (UInt128)h1 * r1;
            var m3 = (UInt128)High * r1;

            // The product in four words of 64 bits.
            var t1 = (m0 >> 64) + (ulong)m1;
            var t2 = (t1 >> 64) + (m1 >> 64) + (ulong)m2;
            var t3 = (t2 >> 64) + (m2 >> 64) + m3;
            var low = new UInt128((ulong)t1, (ulong)m0);

            // What lies above bit 130 comes back five times: once as four times (its place less two bits), once plain.
            var above = new UInt128((ulong)t3, (ulong)t2 & ~3UL);
            return new Accumulator(low, (ulong)t2 & 3).Add(above, 0).Add(above >> 2, 0);
        }

        public UInt128 Reduce()
        {
            // h + 5 overflows bit 130 exactly when h >= 2^130 - 5.
            var less = Add(5, 0);
            var mask = UInt128.Zero - (less.High >> 2 & 1);
            return (less.Low & mask) | (Low & ~mask);
        }

        private Accumulator Add(UInt128 value, ulong high)
        {
            var low = Low + value;
            var carry = (ulong)(((Low & value) | ((Low | value) & ~low)) >> 127);
            return new Accumulator(low, High + high + carry);
        }
    }
}
