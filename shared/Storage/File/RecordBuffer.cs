using System.Buffers;
using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>Entries as records, ready to be written at once.</summary>
internal sealed class RecordBuffer
{
    private const int KeptCapacity = 1024 * 1024;

    private ArrayBufferWriter<byte> _records = new();
    private ArrayBufferWriter<byte> _payload = new();

    public ReadOnlySpan<byte> Written => _records.WrittenSpan;

    public void Add(JournalEntry entry, long durable)
    {
        _payload.ResetWrittenCount();
        JournalCodec.Encode(entry, _payload);
        if (_payload.WrittenCount > JournalFormat.MaxPayloadBytes)
        {
            throw new ArgumentException(
                $"The operation takes {_payload.WrittenCount:N0} bytes in the journal; at most {JournalFormat.MaxPayloadBytes:N0} are allowed. "
                + "Store a large result elsewhere and return a reference.", nameof(entry));
        }
        Add(_payload.WrittenSpan, durable);
    }

    public void Add(ReadOnlySpan<byte> payload, long durable) => JournalFormat.WriteRecord(_records, payload, durable);

    public void Clear()
    {
        _records.ResetWrittenCount();
        // One message of megabytes must not hold its memory for ever.
        if (_records.Capacity > KeptCapacity)
            _records = new();
        if (_payload.Capacity > KeptCapacity)
            _payload = new();
    }
}
