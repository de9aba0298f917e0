using Ebb.EtcdBackup.Bolt;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>A database in memory that counts what is read of it.</summary>
internal sealed class CountedContent(byte[] bytes) : IDatabaseContent
{
    public byte[] Bytes => bytes;

    public long BytesRead { get; private set; }

    public long Length => bytes.Length;

    public void Read(long offset, Span<byte> destination)
    {
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        BytesRead += destination.Length;
    }

    /// <summary>The content of a file, without the SHA-256 at the end.</summary>
    public static CountedContent Of(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return new CountedContent(DatabaseFile.HasTrailer(bytes.Length) ? bytes[..^32] : bytes);
    }
}
