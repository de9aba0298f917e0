namespace Ebb.EtcdBackup.Bolt;

/// <summary>A value of any length, read in pieces.</summary>
internal readonly ref struct BoltValue(Window window, long offset, long length)
{
    public long Offset => offset;

    public long Length => length;

    /// <summary>A piece of at most <see cref="Window.MaxBytes"/>, valid until the next is read.</summary>
    public ReadOnlySpan<byte> Read(long position, int count) => window.Read(offset + position, count, offset + length);

    /// <summary>As much of it as one piece holds, from <paramref name="position"/>.</summary>
    public ReadOnlySpan<byte> ReadFrom(long position) => Read(position, (int)Math.Min(Window.MaxBytes, length - position));
}
