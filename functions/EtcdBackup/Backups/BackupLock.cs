using System.Text.Json;
using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Backups;

/// <summary>
/// One run at a time for each cluster, whatever started it. The lock is a document of the host storage that names the run. It is free when
/// that run has ended or waits again; of a run that storage does not know (<c>ebb run</c> while it works) when it was not renewed for three minutes.
/// </summary>
internal sealed partial class BackupLock : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LapsesAfter = TimeSpan.FromMinutes(3);

    private readonly IDocumentStore _documents;
    private readonly ILogger _logger;
    private readonly string _key;
    private readonly string _value;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;
    private long _version;

    private BackupLock(IDocumentStore documents, string key, string value, long version, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        (_documents, _key, _value, _version, _logger) = (documents, key, value, version, logger);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewing = RenewAsync(time);
    }

    /// <summary>Cancelled with the run, and when the lock was taken away.</summary>
    public CancellationToken Held => _lost.Token;

    /// <exception cref="SnapshotException">Another run holds it (<see cref="SnapshotFailure.Busy"/>).</exception>
    public static async Task<BackupLock> TakeAsync(
        IHostStorage storage, string cluster, RunId run, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var key = $"etcd/lock/{cluster}";
        var value = JsonSerializer.Serialize(new BackupLockHolder(run.ToString()!, time.GetUtcNow()), BackupLockJson.Default.BackupLockHolder);
        var there = await storage.Documents.GetAsync(key, cancellationToken);
        if (there is not null && await HolderAsync(storage, there, run, time, cancellationToken) is { } holder)
        {
            throw Busy(cluster, holder);
        }

        return await storage.Documents.PutAsync(key, value, there?.Version ?? 0, cancellationToken) is { } version
            ? new BackupLock(storage.Documents, key, value, version, time, logger, cancellationToken)
            : throw Busy(cluster, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _renewing;
        // Whoever took it meanwhile keeps it.
        await _documents.DeleteAsync(_key, _version, CancellationToken.None);
        _released.Dispose();
        _lost.Dispose();
    }

    private static async Task<BackupLockHolder?> HolderAsync(
        IHostStorage storage, Document document, RunId run, TimeProvider time, CancellationToken cancellationToken)
    {
        var holder = JsonSerializer.Deserialize(document.Value, BackupLockJson.Default.BackupLockHolder);
        if (holder is null || holder.Run == run.ToString() || !RunId.TryParse(holder.Run, out var id))
        {
            return null;
        }

        return await storage.Runs.GetAsync(id, cancellationToken) is { } known
            ? known.State == RunState.Running ? holder : null
            : time.GetUtcNow() - document.UpdatedAt < LapsesAfter ? holder : null;
    }

    private static SnapshotException Busy(string cluster, BackupLockHolder? holder) => new(
        SnapshotFailure.Busy,
        $"Another run{(holder is null ? "" : $" ({holder.Run}, since {holder.Since:u})")} works on the snapshots of {cluster}. This one did nothing; ask again when that one has ended, or three minutes after it was killed.");

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
            {
                if (await _documents.PutAsync(_key, _value, _version, _released.Token) is not { } version)
                {
                    LogLost(_key);
                    await _lost.CancelAsync();
                    return;
                }

                _version = version;
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
        catch (HostStorageException e)
        {
            // The run goes on: as long as storage knows it as running, nobody else begins.
            LogNotRenewed(e, _key);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "The lock {Key} was taken away: this run ends")]
    private partial void LogLost(string key);

    [LoggerMessage(4002, LogLevel.Warning, "The lock {Key} cannot be renewed")]
    private partial void LogNotRenewed(Exception exception, string key);
}
