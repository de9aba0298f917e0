using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Reports;
using Ebb.EtcdBackup.Retention;
using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Sources;
using Ebb.ObjectStore;
using Ebb.Storage;
using Ebb.Storage.Exclusion;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Backups;

/// <summary>One backup from beginning to end: choose a member, store its snapshot, or the next one's where that fails, then prune and remember.</summary>
internal sealed partial class BackupEngine(
    EtcdBackupOptions options,
    ISnapshotSource source,
    SnapshotCatalog catalog,
    SnapshotTaker taker,
    Pruner pruner,
    BackupMemory memory,
    ExclusiveKeys keys,
    ILogger<BackupEngine> logger)
{
    // Longer than any upload takes; the key keeps ours apart anyway.
    private static readonly TimeSpan StaleUploads = TimeSpan.FromDays(1);

    /// <summary>Takes a backup and reports on it.</summary>
    /// <exception cref="SnapshotException">There is none.</exception>
    /// <exception cref="ObjectStoreException">There is none, because the store fails.</exception>
    public Task<BackupReport> RunAsync(bool prune, RunId run, Action<string> progress, CancellationToken cancellationToken) =>
        AloneAsync(run, (documents, token) => BackUpAsync(documents, prune, progress, token), cancellationToken);

    /// <summary>Only prunes.</summary>
    /// <exception cref="SnapshotException">Another run is at work.</exception>
    /// <exception cref="ObjectStoreException">The store cannot be listed.</exception>
    public Task<PruneReport> PruneAsync(bool dryRun, RunId run, CancellationToken cancellationToken) =>
        AloneAsync(run, async (documents, token) => await PruneAsync(documents, await catalog.ListAsync(token), dryRun, token), cancellationToken);

    // One run at a time for each cluster, whatever started it.
    private async Task<T> AloneAsync<T>(RunId run, Func<IDocumentStore, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.HoldAsync($"etcd/lock/{options.Cluster}", $"{run}", (hold, token) => work(hold.Documents, token), cancellationToken);
        }
        catch (KeyHeldException e)
        {
            var holder = e.Run is null ? "" : $" ({e.Run}{(e.Since is { } since ? $", since {since:u}" : "")})";
            throw new SnapshotException(
                SnapshotFailure.Busy,
                $"Another run{holder} works on the snapshots of {options.Cluster}. This one did nothing; ask again when that one has ended, or three minutes after it was killed.", e);
        }
        catch (KeyLostException e)
        {
            throw new SnapshotException(
                SnapshotFailure.Busy,
                $"The lock on the snapshots of {options.Cluster} was taken away: it could not be renewed in time, and another run works there now. This one ended; what it had not completed is gone.", e);
        }
    }

    private async Task<BackupReport> BackUpAsync(IDocumentStore documents, bool prune, Action<string> progress, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        await RemoveStaleUploadsAsync(cancellationToken);
        var taken = await TakeAsync(warnings, progress, cancellationToken);
        LogTaken(taken.Sidecar.Name, taken.Sidecar.PlaintextBytes, taken.Sidecar.Member!);
        try
        {
            return await FinishAsync(documents, taken, warnings, prune, cancellationToken);
        }
        catch (ObjectStoreException e)
        {
            // Trying again would take another one.
            return Report(taken, warnings, prune: null) with { Unfinished = $"what else is stored cannot be listed: {e.Message}" };
        }
    }

    private async Task<BackupReport> FinishAsync(IDocumentStore documents, TakenSnapshot taken, List<string> warnings, bool prune, CancellationToken cancellationToken)
    {
        var listing = await catalog.ListAsync(cancellationToken);
        if (SizeHistory.Anomaly(taken.Sidecar.PlaintextBytes, SizeHistory.MedianBefore(taken.Sidecar.Name, listing.Verified)) is { } anomaly)
        {
            warnings.Add(anomaly);
        }

        // Remembered before pruning too: a store that lets nothing go must not hide the new snapshot.
        await memory.RememberAsync(documents, catalog.Place, listing, cancellationToken);
        return Report(taken, warnings, prune ? await PruneAsync(documents, listing, dryRun: false, cancellationToken) : null);
    }

    private async Task<PruneReport> PruneAsync(IDocumentStore documents, SnapshotListing listing, bool dryRun, CancellationToken cancellationToken)
    {
        var (report, left) = await pruner.PruneAsync(listing, dryRun, cancellationToken);
        await memory.RememberAsync(documents, catalog.Place, left, cancellationToken);
        return report;
    }

    private async Task<TakenSnapshot> TakeAsync(List<string> warnings, Action<string> progress, CancellationToken cancellationToken)
    {
        var members = await source.OpenAsync(cancellationToken);
        try
        {
            var choice = await MemberChoice.OfAsync(members, cancellationToken);
            warnings.AddRange(choice.Problems.Select(problem => problem.Message));
            var problems = new List<SnapshotException>();
            foreach (var (member, state) in choice.Usable)
            {
                try
                {
                    return await taker.TakeAsync(source.Kind, member, state, progress, cancellationToken);
                }
                catch (SnapshotException e) when (e.ConcernsOneMember)
                {
                    LogMemberFailed(e, member.Name);
                    problems.Add(e);
                    warnings.Add(e.Message);
                }
            }

            throw problems.Count == 1
                ? problems[0]
                : new SnapshotException(problems[0].Failure, $"No member gave a whole snapshot:\n{string.Join('\n', problems.Select(problem => problem.Message))}", problems[0]);
        }
        finally
        {
            foreach (var member in members)
            {
                member.Dispose();
            }
        }
    }

    private async Task RemoveStaleUploadsAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var stale in await catalog.Place.Store.RemoveStaleUploadsAsync(catalog.Place.Beginning, StaleUploads, cancellationToken))
            {
                LogStaleUpload(stale.Key.Value, stale.Since);
            }
        }
        catch (ObjectStoreException e) when (e.Fault is not (ObjectStoreFault.CredentialsRefused or ObjectStoreFault.BucketMissing
            or ObjectStoreFault.ClockSkew or ObjectStoreFault.Tls or ObjectStoreFault.Unreachable))
        {
            // Left-overs cost space and nothing else; whether the store can be written to shows next.
            LogStaleUploadsStay(e.Message);
        }
    }

    private BackupReport Report(TakenSnapshot taken, IReadOnlyList<string> warnings, PruneReport? prune) => new()
    {
        Name = taken.Sidecar.Name,
        Store = catalog.Place.Store.Address,
        Started = taken.Sidecar.Time,
        Duration = taken.Sidecar.Duration,
        ReadBackDuration = taken.ReadBack,
        Verified = taken.Sidecar.Verification.ReadBack,
        Member = taken.Sidecar.Member!,
        EtcdVersion = taken.Sidecar.EtcdVersion!,
        Revision = taken.Sidecar.Revision,
        Keys = taken.Sidecar.Keys,
        Bytes = taken.Sidecar.PlaintextBytes,
        ObjectBytes = taken.Sidecar.ObjectBytes,
        Recipients = taken.Sidecar.Recipients,
        Warnings = warnings,
        Prune = prune,
    };

    [LoggerMessage(4030, LogLevel.Information, "Stored {Name}: {Bytes} bytes from {Member}")]
    private partial void LogTaken(string name, long bytes, string member);

    [LoggerMessage(4031, LogLevel.Warning, "{Member} did not give its snapshot; the next member is asked")]
    private partial void LogMemberFailed(Exception exception, string member);

    [LoggerMessage(4032, LogLevel.Information, "Removed what was left of an upload of {Key} that began at {Since}")]
    private partial void LogStaleUpload(string key, DateTimeOffset since);

    [LoggerMessage(4033, LogLevel.Warning, "Uploads that ended half-way cannot be looked for: {Problem}")]
    private partial void LogStaleUploadsStay(string problem);
}
