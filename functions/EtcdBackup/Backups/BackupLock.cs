using System.Text.Json;
using Ebb.Storage;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Backups;

/// <summary>
/// One run at a time for each cluster, whatever started it. The lock is a document of the host storage that names the run. It is free when
/// that run has ended or waits again. Of a run that storage does not know (<c>ebb run</c> while it works), and of RabbitMQ's, whose records outlive
/// their process, it is free when it was not renewed for three minutes.
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
    private readonly string _cluster;
    private long _version;
    private volatile bool _isLost;

    private BackupLock(IDocumentStore documents, string cluster, string value, long version, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        (_documents, _cluster, _key, _value, _version, _logger) = (documents, cluster, KeyOf(cluster), value, version, logger);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewing = RenewAsync(time);
    }

    /// <exception cref="SnapshotException">Another run holds it (<see cref="SnapshotFailure.Busy"/>).</exception>
    public static async Task<BackupLock> TakeAsync(
        IHostStorage storage, string cluster, RunId run, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var key = KeyOf(cluster);
        var value = JsonSerializer.Serialize(new BackupLockHolder(run.ToString()!, time.GetUtcNow()), BackupLockJson.Default.BackupLockHolder);
        var there = await storage.Documents.GetAsync(key, cancellationToken);
        if (there is not null && await HolderAsync(storage, there, run, time, cancellationToken) is { } holder)
        {
            throw Busy(cluster, holder);
        }

        return await storage.Documents.PutAsync(key, value, there?.Version ?? 0, cancellationToken) is { } version
            ? new BackupLock(storage.Documents, cluster, value, version, time, logger, cancellationToken)
            : throw Busy(cluster, null);
    }

    /// <summary>Does something while the lock is held; its token is cancelled with the run, and when the lock was taken away.</summary>
    /// <exception cref="SnapshotException">The lock was taken away (<see cref="SnapshotFailure.Busy"/>).</exception>
    public async Task<T> HoldAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(_lost.Token);
        }
        catch (OperationCanceledException e) when (_isLost)
        {
            throw new SnapshotException(
                SnapshotFailure.Busy,
                $"The lock on the snapshots of {_cluster} was taken away: it could not be renewed in time, and another run works there now. This one ended; what it had not completed is gone.", e);
        }
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

        var isHeld = await storage.Runs.GetAsync(id, cancellationToken) switch
        {
            { State: not RunState.Running } => false,
            { Trigger: not TriggerKind.RabbitMQ } => true,
            _ => time.GetUtcNow() - document.UpdatedAt < LapsesAfter,
        };
        return isHeld ? holder : null;
    }

    private static string KeyOf(string cluster) => $"etcd/lock/{cluster}";

    private static SnapshotException Busy(string cluster, BackupLockHolder? holder) => new(
        SnapshotFailure.Busy,
        $"Another run{(holder is null ? "" : $" ({holder.Run}, since {holder.Since:u})")} works on the snapshots of {cluster}. This one did nothing; ask again when that one has ended, or three minutes after it was killed.");

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (!_isLost && await timer.WaitForNextTickAsync(_released.Token))
            {
                await RenewAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            if (await _documents.PutAsync(_key, _value, _version, _released.Token) is { } version)
            {
                _version = version;
                return;
            }

            LogLost(_key);
            _isLost = true;
            await _lost.CancelAsync();
        }
        catch (HostStorageException e)
        {
            // While storage is away nobody else begins either; it is tried again.
            LogNotRenewed(e, _key);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "The lock {Key} was taken away: this run ends")]
    private partial void LogLost(string key);

    [LoggerMessage(4002, LogLevel.Warning, "The lock {Key} cannot be renewed")]
    private partial void LogNotRenewed(Exception exception, string key);
}
