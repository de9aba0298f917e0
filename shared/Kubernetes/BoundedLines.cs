using System.Buffers;
using System.IO.Pipelines;

namespace Ebb.Kubernetes;

/// <summary>Reads lines that a server may make endless.</summary>
internal sealed class BoundedLines(Stream stream, int maxBytes)
{
    private readonly PipeReader _reader = PipeReader.Create(stream);

    /// <summary>The next line; null at the end, where half a line is left out.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end).ToArray();
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (buffer.Length > maxBytes)
            {
                throw new InvalidDataException($"a line of more than {maxBytes} bytes.");
            }

            if (read.IsCompleted)
            {
                return null;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
