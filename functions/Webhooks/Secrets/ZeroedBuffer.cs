using System.Buffers;
using System.Security.Cryptography;

namespace Ebb.Webhooks.Secrets;

/// <summary>
/// Grows like any buffer, and leaves nothing behind: what it held is overwritten when it grows and on dispose, and it is pinned, so that the
/// collector makes no copy of it.
/// </summary>
internal sealed class ZeroedBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Reads a stream to its end; null when it has more than <paramref name="maxBytes"/>.</summary>
    public static async Task<ZeroedBuffer?> ReadAsync(Stream stream, long? expected, int maxBytes, CancellationToken cancellationToken)
    {
        if (expected > maxBytes)
        {
            return null;
        }

        var buffer = new ZeroedBuffer((int)(expected ?? 16 * 1024) + 1);
        try
        {
            while (await stream.ReadAsync(buffer.GetMemory(1), cancellationToken) is var read and > 0)
            {
                buffer.Advance(read);
                if (buffer._length > maxBytes)
                {
                    buffer.Dispose();
                    return null;
                }
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(1, sizeHint))
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(2 * _bytes.Length, _length + sizeHint), pinned: true);
            Written.Span.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _length = 0;
    }
}
