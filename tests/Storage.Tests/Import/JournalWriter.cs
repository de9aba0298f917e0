using System.Buffers.Binary;
using System.Text;

namespace Ebb.Storage.Tests.Import;

/// <summary>Writes journals as earlier versions did, byte for byte from their description (shared/Storage/Sqlite/Import).</summary>
internal static class JournalWriter
{
    public const string Name = "journal-00000001.log";

    private static ReadOnlySpan<byte> Magic => [0xFE, 0xFB, 0xFF, 0xFA];

    /// <summary>A journal with a message for each body, each record durable before the next one was written.</summary>
    public static byte[] OfMessages(params IReadOnlyList<string> bodies)
    {
        var journal = Header();
        foreach (var (i, body) in bodies.Index())
        {
            journal = Append(
                journal,
                $$"""
                {"op":"enqueued","run":{"id":"01a23047-8d24-7835-b57e-{{i:D12}}","trigger":"queue","queue":"work","state":"queued","createdAt":"2030-01-01T00:00:00+00:00","attempts":[]},"body":"{{body}}","visibleAt":"2030-01-01T00:00:00+00:00","delay":"00:00:00","supersedes":false}
                """,
                durable: journal.Length);
        }
        return journal;
    }

    public static byte[] Header(int version = 1)
    {
        var header = new byte[16];
        "EBBJRNL\0"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Checksum(header.AsSpan(0, 12)));
        return header;
    }

    public static byte[] Append(byte[] journal, string entry, long durable)
    {
        var payload = Encoding.UTF8.GetBytes(entry);
        var record = new byte[20 + payload.Length];
        Magic.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), durable);
        payload.CopyTo(record, 20);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), Checksum([.. record.AsSpan(4, 12), .. payload]));
        return [.. journal, .. record];
    }

    /// <summary>Where the records of a journal begin.</summary>
    public static List<int> Records(byte[] journal)
    {
        List<int> offsets = [];
        for (var i = 0; i <= journal.Length - Magic.Length; i++)
        {
            if (journal.AsSpan(i).StartsWith(Magic))
                offsets.Add(i);
        }
        return offsets;
    }

    // CRC-32C (Castagnoli), RFC 3720 B.4, bit by bit.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
                checksum = (checksum >> 1) ^ (0x82F63B78 & (0 - (checksum & 1)));
        }
        return ~checksum;
    }
}
