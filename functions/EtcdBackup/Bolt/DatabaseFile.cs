using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Ebb.EtcdBackup.Bolt;

/// <summary>A database in a plain file: a snapshot as <c>etcdctl snapshot save</c> writes it, or <c>member/snap/db</c>.</summary>
public sealed class DatabaseFile : IDatabaseContent, IDisposable
{
    private readonly SafeFileHandle _file;

    /// <summary>Opens it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public DatabaseFile(string path)
    {
        _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        var length = RandomAccess.GetLength(_file);
        Length = HasTrailer(length) ? length - SHA256.HashSizeInBytes : length;
    }

    public long Length { get; }

    /// <summary>Whether a file of this length ends in its SHA-256 (etcdutl 3.5, snapshot/v3_snapshot.go, hasChecksum).</summary>
    public static bool HasTrailer(long length) => length % 512 == SHA256.HashSizeInBytes;

    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_file, destination, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The database file ends at byte {offset}.");
            }

            offset += read;
            destination = destination[read..];
        }
    }

    public void Dispose() => _file.Dispose();
}
