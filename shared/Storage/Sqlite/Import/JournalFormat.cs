using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>
/// The bytes of a journal: a file header (<c>EBBJRNL</c> and a zero, version, CRC-32C) and records (magic, payload length, the
/// offset up to which the file was durable when the record was written, CRC-32C of length, offset and payload, payload).
/// Numbers are little-endian.
/// </summary>
internal static class JournalFormat
{
    public const int Version = 1;
    public const int FileHeaderLength = 16;
    public const int RecordHeaderLength = 20;

    /// <summary>More than the greatest body takes when every character of it is escaped.</summary>
    public const int MaxPayloadBytes = 64 * 1024 * 1024;

    private const int ChecksumOffset = 16;

    // No byte of it occurs in UTF-8, so no payload contains it.
    public static ReadOnlySpan<byte> Magic => [0xFE, 0xFB, 0xFF, 0xFA];

    private static ReadOnlySpan<byte> FileMagic => "EBBJRNL\0"u8;

    public static byte[] FileHeader(int version)
    {
        var header = new byte[FileHeaderLength];
        FileMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Checksum(header.AsSpan(0, 12)));
        return header;
    }

    /// <summary>The version of the journal; null when these are not the first bytes of one.</summary>
    public static int? ReadFileHeader(ReadOnlySpan<byte> header) =>
        header.Length == FileHeaderLength
        && header.StartsWith(FileMagic)
        && BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) == Checksum(header[..12])
            ? BinaryPrimitives.ReadInt32LittleEndian(header[8..])
            : null;

    /// <summary>Reads a record's header; null when there is none.</summary>
    public static RecordHeader? ReadRecordHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length < RecordHeaderLength || !header.StartsWith(Magic))
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return length is < 0 or > MaxPayloadBytes
            ? null
            : new(length, BinaryPrimitives.ReadInt64LittleEndian(header[8..]));
    }

    public static bool IsIntact(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]) == Checksum(header[4..ChecksumOffset], payload);

    private static uint Checksum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) =>
        ~Continue(Continue(uint.MaxValue, first), second);

    private static uint Continue(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            checksum = BitOperations.Crc32C(checksum, value);
        return checksum;
    }
}

/// <summary>What stands before a record's payload.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordHeader(int Length, long Durable);
