using System.Buffers.Binary;
using Google.Protobuf;

namespace Ebb.TestServers.Keda.Grpc;

/// <summary>Length-prefixed messages: one byte for compression, four for the length, the message.</summary>
internal static class GrpcFrames
{
    private const int PrefixBytes = 5;

    // What grpc-go accepts unless told otherwise.
    private const uint MaxMessageBytes = 4 * 1024 * 1024;

    public static byte[] Write(IMessage message)
    {
        var frame = new byte[PrefixBytes + message.CalculateSize()];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)(frame.Length - PrefixBytes));
        message.WriteTo(frame.AsSpan(PrefixBytes));
        return frame;
    }

    /// <summary>The next message's bytes; null at the end of the stream.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            var prefix = new byte[PrefixBytes];
            var read = await stream.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
                return null;
            var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
            if (read < PrefixBytes || prefix[0] != 0 || length > MaxMessageBytes)
                throw new GrpcException(GrpcException.Unknown, $"a frame of {read} prefix bytes, flag {prefix[0]}, length {length}");
            var message = new byte[length];
            await stream.ReadExactlyAsync(message, cancellationToken);
            return message;
        }
        catch (IOException e)
        {
            throw new GrpcException(GrpcException.Unavailable, $"the stream broke: {e.Message}", e);
        }
    }
}
