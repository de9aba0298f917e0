using System.Numerics;
using System.Runtime.InteropServices;

namespace Ebb.EtcdBackup.Bolt.Keyspace;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), as Go's hash/crc32 computes it.</summary>
internal struct Crc32C
{
    private uint _inverted;

    public readonly uint Value => _inverted;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = ~_inverted;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(eight));
        }

        foreach (var one in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        _inverted = ~crc;
    }
}
