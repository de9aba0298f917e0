using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace Ebb.Grpc;

/// <summary>Length-prefixed messages: a compressed flag, four bytes of length, the message (PROTOCOL-HTTP2, Requests).</summary>
internal static class MessageFrame
{
    public const int HeaderLength = 5;
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string Accepted = "identity,gzip";

    /// <summary>Whether a message may be in this <c>grpc-encoding</c>.</summary>
    public static bool IsSupported(string encoding) => encoding is "" or Identity or Gzip;

    /// <summary>Writes a message uncompressed; the caller flushes.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        var length = message.CalculateSize();
        var header = output.GetSpan(HeaderLength);
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
        output.Advance(HeaderLength);
        if (length > 0)
        {
            message.WriteTo(output);
        }
    }

    /// <summary>The length a header announces, and whether the message is compressed.</summary>
    /// <exception cref="RpcException">The header is none, or announces more than <paramref name="maxBytes"/>.</exception>
    public static (bool Compressed, int Length) ReadHeader(ReadOnlySpan<byte> header, string encoding, int maxBytes)
    {
        if (header[0] > 1)
        {
            throw new RpcException(StatusCode.Internal, $"A message begins with the flag {header[0]}, which is neither 0 nor 1: this is no gRPC message.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > maxBytes)
        {
            throw TooLong(maxBytes);
        }

        if (header[0] == 1 && encoding is not Gzip)
        {
            throw new RpcException(StatusCode.Internal, "A message is marked as compressed, and no grpc-encoding was named.");
        }

        return (header[0] == 1, (int)length);
    }

    /// <summary>Reads a message that is there as a whole.</summary>
    /// <exception cref="RpcException">It is damaged or, decompressed, longer than <paramref name="maxBytes"/>.</exception>
    public static T Parse<T>(ReadOnlySequence<byte> data, bool compressed, int maxBytes, MessageParser<T> parser)
        where T : IMessage<T>
    {
        try
        {
            return compressed ? parser.ParseFrom(Decompress(data, maxBytes)) : parser.ParseFrom(data);
        }
        catch (Exception damaged) when (damaged is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RpcException(StatusCode.Internal, $"A message cannot be read: {damaged.Message}", damaged);
        }
    }

    private static byte[] Decompress(ReadOnlySequence<byte> data, int maxBytes)
    {
        using var input = new GZipStream(new MemoryStream(data.ToArray(), writable: false), CompressionMode.Decompress);
        using var output = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int read; (read = input.Read(buffer)) > 0;)
            {
                if (output.Length + read > maxBytes)
                {
                    throw TooLong(maxBytes);
                }

                output.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return output.ToArray();
    }

    private static RpcException TooLong(int maxBytes) =>
        new(StatusCode.ResourceExhausted, $"A message is longer than the {maxBytes} bytes that are accepted.");
}
