namespace Ebb.EtcdBackup.Bolt;

/// <summary>The bytes of a database, in any order. Reads are synchronous: they come from memory or a local file.</summary>
public interface IDatabaseContent
{
    /// <summary>In bytes, without the SHA-256 that a snapshot carries at its end.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    /// <exception cref="IOException">It cannot be read, or it ends before.</exception>
    void Read(long offset, Span<byte> destination);
}
