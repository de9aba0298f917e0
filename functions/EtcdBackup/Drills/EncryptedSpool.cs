using System.Buffers.Binary;
using System.Security.Cryptography;
using Ebb.EtcdBackup.Bolt;
using Microsoft.Win32.SafeHandles;

namespace Ebb.EtcdBackup.Drills;

/// <summary>
/// A database on disk that nobody else can read: every block is sealed (AES-256-GCM) with a key that exists in this process's
/// memory only, and the file has no name from the moment it exists. Written once from beginning to end, then read in any order in
/// the memory of a few blocks. For one reader at a time.
/// </summary>
internal sealed class EncryptedSpool : IDatabaseContent, IDisposable
{
    internal const int BlockBytes = 32 * 1024;
    private const int TagBytes = 16;
    private const int SealedBytes = BlockBytes + TagBytes;
    private const int KeyBytes = 32;
    private const int CachedBlocks = 512;

    private readonly SafeFileHandle _file;
    private readonly AesGcm _cipher;
    private readonly byte[] _block = new byte[BlockBytes];
    private readonly byte[] _sealed = new byte[SealedBytes];
    private readonly byte[]?[] _cache = new byte[CachedBlocks][];
    private readonly long[] _cached = new long[CachedBlocks];
    private int _filled;
    private long _written;
    private bool _isComplete;

    private EncryptedSpool(SafeFileHandle file)
    {
        _file = file;
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        _cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    public long Length { get; private set; }

    /// <exception cref="IOException">No file can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be made there.</exception>
    public static EncryptedSpool Create(string directory)
    {
        var path = Path.Combine(directory, $".ebb-spool-{Guid.NewGuid():N}");
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return new EncryptedSpool(file);
    }

    /// <summary>Takes what comes next.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes.Span[..count].CopyTo(_block.AsSpan(_filled));
            (_filled, bytes) = (_filled + count, bytes[count..]);
            _written += count;
            if (_filled == BlockBytes)
            {
                await SealAsync(cancellationToken);
            }
        }
    }

    /// <summary>Ends writing; from now on it is read, without so many bytes at its end.</summary>
    public async Task CompleteAsync(int trailerBytes, CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await SealAsync(cancellationToken);
        }

        (_isComplete, Length) = (true, _written - trailerBytes);
    }

    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset + destination.Length > Length)
        {
            throw new EndOfStreamException($"The database ends at byte {Length}.");
        }

        while (!destination.IsEmpty)
        {
            var (number, start) = Math.DivRem(offset, BlockBytes);
            var some = Block(number).AsSpan((int)start);
            some = some[..Math.Min(some.Length, destination.Length)];
            some.CopyTo(destination);
            offset += some.Length;
            destination = destination[some.Length..];
        }
    }

    /// <summary>Writes all of it, the trailer included, in the clear.</summary>
    public async Task CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        for (var offset = 0L; offset < _written; offset += BlockBytes)
        {
            await output.WriteAsync(Block(offset / BlockBytes).AsMemory(0, (int)Math.Min(BlockBytes, _written - offset)), cancellationToken);
        }
    }

    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_block);
        foreach (var block in _cache)
        {
            CryptographicOperations.ZeroMemory(block);
        }

        _file.Dispose();
    }

    private async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        var number = (_written - 1) / BlockBytes;
        _block.AsSpan(_filled).Clear();
        _cipher.Encrypt(Nonce(number), _block, _sealed.AsSpan(0, BlockBytes), _sealed.AsSpan(BlockBytes));
        await RandomAccess.WriteAsync(_file, _sealed, number * SealedBytes, cancellationToken);
        _filled = 0;
    }

    private byte[] Block(long number)
    {
        var slot = (int)(number % CachedBlocks);
        if (_cache[slot] is { } cached && _cached[slot] == number)
        {
            return cached;
        }

        var block = _cache[slot] ??= new byte[BlockBytes];
        _cached[slot] = -1;
        for (var read = 0; read < SealedBytes;)
        {
            var some = RandomAccess.Read(_file, _sealed.AsSpan(read), (number * SealedBytes) + read);
            read += some > 0 ? some : throw new EndOfStreamException("The spool file was cut while it was in use.");
        }

        _cipher.Decrypt(Nonce(number), _sealed.AsSpan(0, BlockBytes), _sealed.AsSpan(BlockBytes), block);
        _cached[slot] = number;
        return block;
    }

    // Each block is written once, under a key that is used for one file.
    private static byte[] Nonce(long number)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), number);
        return nonce;
    }
}
