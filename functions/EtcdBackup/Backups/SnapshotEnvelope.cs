using Ebb.Age;
using Ebb.EtcdBackup.Compression;
using Ebb.EtcdBackup.Configuration;

namespace Ebb.EtcdBackup.Backups;

/// <summary>What is put around a snapshot on its way to the store: zstd if wanted, then age.</summary>
internal sealed class SnapshotEnvelope : IAsyncDisposable
{
    private readonly AgeEncryptStream? _age;
    private readonly ZstdCompressStream? _zstd;

    private SnapshotEnvelope(Stream output, AgeEncryptStream? age, ZstdCompressStream? zstd) =>
        (_age, _zstd, Input) = (age, zstd, (Stream?)zstd ?? (Stream?)age ?? output);

    /// <summary>Takes the snapshot.</summary>
    public Stream Input { get; }

    /// <summary>Begins; the output stays the caller's.</summary>
    public static async Task<SnapshotEnvelope> OpenAsync(Stream output, EtcdBackupOptions options, CancellationToken cancellationToken)
    {
        var age = options.DisableEncryption ? null : await AgeEncryptStream.CreateAsync(output, options.AgeRecipients, leaveOpen: true, cancellationToken);
        return new SnapshotEnvelope(output, age, options.Compress ? new ZstdCompressStream(age ?? output, leaveOpen: true) : null);
    }

    /// <summary>Writes the ends of both. Without it no reader takes what was written for whole.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_zstd is not null)
        {
            await _zstd.CompleteAsync(cancellationToken);
        }

        if (_age is not null)
        {
            await _age.CompleteAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_zstd is not null)
        {
            await _zstd.DisposeAsync();
        }

        if (_age is not null)
        {
            await _age.DisposeAsync();
        }
    }
}
