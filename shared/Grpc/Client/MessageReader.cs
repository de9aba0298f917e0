using System.Buffers;
using Google.Protobuf;

namespace Ebb.Grpc;

/// <summary>Reads length-prefixed messages from a stream, one at a time into a buffer that is used again.</summary>
internal sealed class MessageReader(Stream stream, string encoding, int maxBytes) : IDisposable
{
    private readonly byte[] _header = new byte[MessageFrame.HeaderLength];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="RpcException">What comes is no message, or too long.</exception>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var read = await stream.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        if (read < _header.Length)
        {
            throw new RpcException(StatusCode.Internal, "The answer ends within the header of a message.");
        }

        var (compressed, length) = MessageFrame.ReadHeader(_header, encoding, maxBytes);
        Grow(length);
        read = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken);
        return read == length
            ? MessageFrame.Parse(new ReadOnlySequence<byte>(_buffer, 0, length), compressed, maxBytes, parser)
            : throw new RpcException(StatusCode.Internal, $"The answer ends after {read} of the {length} bytes of a message.");
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow(int length)
    {
        if (_buffer.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }
    }
}
