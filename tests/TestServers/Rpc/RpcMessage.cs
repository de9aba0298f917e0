using Google.Protobuf;

namespace Ebb.TestServers.Rpc;

/// <summary>Writes a message by field numbers, as protobuf's wire format has it (protobuf.dev, Encoding), without generated code.</summary>
internal sealed class RpcMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public RpcMessage() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    public RpcMessage Number(int field, ulong value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteUInt64(value);
        return this;
    }

    public RpcMessage Text(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
        return this;
    }

    public RpcMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(ByteString.CopyFrom(value));
        return this;
    }

    public RpcMessage Message(int field, RpcMessage value) => Bytes(field, value.ToArray());

    public byte[] ToArray()
    {
        _output.Flush();
        return _bytes.ToArray();
    }
}
