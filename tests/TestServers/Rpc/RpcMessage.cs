using System.Text;
using Google.Protobuf;

namespace Ebb.TestServers.Rpc;

/// <summary>Writes a message by field numbers, as protobuf's wire format has it (protobuf.dev, Encoding), without generated code.</summary>
internal sealed class RpcMessage
{
    private readonly List<byte> _bytes = [];

    public RpcMessage Number(int field, ulong value)
    {
        Tag(field, WireFormat.WireType.Varint);
        Varint(value);
        return this;
    }

    public RpcMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public RpcMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireFormat.WireType.LengthDelimited);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public RpcMessage Message(int field, RpcMessage value) => Bytes(field, value.ToArray());

    public byte[] ToArray() => [.. _bytes];

    private void Tag(int field, WireFormat.WireType type) => Varint(WireFormat.MakeTag(field, type));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
