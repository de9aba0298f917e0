using System.Numerics;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>A part of the file in memory, so that going forward through it costs one read for each 64 KiB.</summary>
internal sealed class Window(IDatabaseContent content)
{
    /// <summary>What can be looked at in one piece.</summary>
    public const int MaxBytes = 64 * 1024;

    private byte[] _buffer = [];
    private long _offset;
    private int _length;

    /// <summary>Gives bytes that stay valid until the next call; reads ahead, but never beyond <paramref name="end"/>.</summary>
    public ReadOnlySpan<byte> Read(long offset, int count, long end)
    {
        var start = offset - _offset;
        if (start < 0 || start + count > _length)
        {
            Load(offset, (int)Math.Min(MaxBytes, end - offset));
            start = 0;
        }

        return _buffer.AsSpan((int)start, count);
    }

    private void Load(long offset, int length)
    {
        if (_buffer.Length < length)
        {
            _buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)length)];
        }

        _length = 0;
        content.Read(offset, _buffer.AsSpan(0, length));
        (_offset, _length) = (offset, length);
    }
}
