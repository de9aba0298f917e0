using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ebb.Webhooks.Tests.Secrets;

/// <summary>
/// The body of an import whose value is in nobody's memory but the reader's: it is made as it is read, out of a masked one, and this process's memory
/// can be searched for it without holding it.
/// </summary>
internal sealed class MaskedImport : Stream
{
    private const byte Mask = 0xA5;
    private const int ValueLength = 96;
    private const int MaxRegionBytes = 512 * 1024 * 1024;
    private static readonly byte[] Head = Encoding.ASCII.GetBytes("{\"application\":\"shop\",\"environments\":{\"dev\":{\"PASSWORD\":\"\\u00fc");
    private static readonly byte[] Tail = Encoding.ASCII.GetBytes("\"}}}");
    private readonly byte[] _masked = [.. RandomNumberGenerator.GetBytes(ValueLength).Select(random => (byte)(('a' + (random % 26)) ^ Mask))];
    private int _at;

    public override long Length => Head.Length + ValueLength + Tail.Length;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        var count = 0;
        for (; count < buffer.Length && _at < Length; count++, _at++)
        {
            buffer[count] = _at < Head.Length ? Head[_at] : _at < Head.Length + ValueLength ? (byte)(_masked[_at - Head.Length] ^ Mask) : Tail[_at - Head.Length - ValueLength];
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <summary>How often the value is in this process's memory, in UTF-8 or as a string's UTF-16.</summary>
    public int CopiesInMemory()
    {
        var found = 0;
        using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (var (start, end) in Regions())
        {
            found += CopiesIn(memory, start, end);
        }

        return found;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static IEnumerable<(long Start, long End)> Regions()
    {
        foreach (var line in File.ReadAllLines("/proc/self/maps").Where(line => line.Contains(" rw", StringComparison.Ordinal) && !line.EndsWith("[vvar]", StringComparison.Ordinal)))
        {
            var range = line.Split(' ')[0].Split('-');
            yield return (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }

    private int CopiesIn(FileStream memory, long start, long end)
    {
        var found = 0;
        var window = GC.AllocateUninitializedArray<byte>(1024 * 1024, pinned: true);
        for (var at = start; at < Math.Min(end, start + MaxRegionBytes); at += window.Length - (2 * ValueLength))
        {
            try
            {
                found += Count(window.AsSpan(0, RandomAccess.Read(memory.SafeFileHandle, window.AsSpan(0, (int)Math.Min(window.Length, end - at)), at)));
            }
            catch (IOException)
            {
                // Reserved and not there.
            }
        }

        CryptographicOperations.ZeroMemory(window);
        return found;
    }

    private int Count(ReadOnlySpan<byte> bytes)
    {
        var found = 0;
        for (var next = 0; (next = bytes.IndexOf((byte)(_masked[0] ^ Mask))) >= 0; bytes = bytes[(next + 1)..])
        {
            found += IsAt(bytes[next..], stride: 1) || IsAt(bytes[next..], stride: 2) ? 1 : 0;
        }

        return found;
    }

    private bool IsAt(ReadOnlySpan<byte> bytes, int stride)
    {
        if (bytes.Length < stride * ValueLength)
        {
            return false;
        }

        for (var i = 0; i < ValueLength; i++)
        {
            if ((bytes[i * stride] ^ Mask) != _masked[i])
            {
                return false;
            }
        }

        return true;
    }
}
