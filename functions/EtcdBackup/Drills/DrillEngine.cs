using System.Text.Json;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Snapshots;
using Ebb.ObjectStore;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Drills;

/// <summary>A drill from beginning to end: choose a snapshot, try it out, remember what came of it.</summary>
internal sealed partial class DrillEngine(SnapshotCatalog catalog, DrillOptions options, DrillMemory memory, TimeProvider time, ILogger<DrillEngine> logger)
{
    /// <summary>Tries a snapshot out and reports on it, whatever the verdict is.</summary>
    /// <exception cref="SnapshotException">There is none, the identity file cannot be used, or etcdutl is missing.</exception>
    /// <exception cref="IOException">The spool cannot be used.</exception>
    /// <exception cref="ObjectStoreException">The store fails.</exception>
    public async Task<DrillReport> RunAsync(string? name, Action<string> progress, CancellationToken cancellationToken)
    {
        var (started, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var found = name is null ? await NewestAsync(cancellationToken) : await catalog.FindAsync(name, cancellationToken);
        var snapshot = WithoutVerdict(found);
        var drill = new Drill(snapshot, options, progress);
        await drill.RunAsync(cancellationToken);
        if (drill is { Outcome: DrillOutcome.Sound, Digests: { } digests } && snapshot is { Sidecar: null, Problem: null })
        {
            await WriteSidecarAsync(snapshot, digests, time.GetElapsedTime(timestamp), cancellationToken);
        }

        var report = new DrillReport
        {
            Cluster = catalog.Place.Cluster,
            Name = snapshot.Name.Text,
            Store = snapshot.Place.Store.Address,
            Time = snapshot.Name.Time,
            Started = started,
            Duration = time.GetElapsedTime(timestamp),
            Outcome = drill.Outcome,
            Checks = drill.Checks,
            ObjectBytes = snapshot.Bytes,
            Database = drill.Contents is { } contents ? DatabaseSummary.Of(contents) : null,
        };
        await memory.RememberAsync(report, cancellationToken);
        LogDrilled(report.Name, report.Outcome, report.Duration);
        await NoteDamageAsync(snapshot, found.Sidecar?.Damage, report, cancellationToken);
        return report;
    }

    // An earlier drill's verdict is no evidence for this one.
    private static StoredSnapshot WithoutVerdict(StoredSnapshot snapshot) => snapshot.Sidecar is { Damage: { } damage } sidecar && snapshot.Problem == damage
        ? snapshot with { Sidecar = sidecar with { Damage = null }, Problem = null }
        : snapshot;

    // One that is known to be bad must not count as verified, for lists and for retention, nor be fetched as the latest.
    private async Task NoteDamageAsync(StoredSnapshot snapshot, string? known, DrillReport report, CancellationToken cancellationToken)
    {
        var failed = report.Checks.FirstOrDefault(check => check is { Result: DrillResult.Failed, Name: "object" or "decompression" or "trailer" or "database" or "sidecar" });
        var damage = failed is null ? null : $"a drill at {report.Started:u} found: {failed.Detail}";
        if (snapshot is not { Sidecar: { } sidecar, Problem: null } || (damage is null && (known is null || report.Outcome != DrillOutcome.Sound)))
        {
            return;
        }

        try
        {
            await PutSidecarAsync(snapshot, sidecar with { Damage = damage }, new UploadOptions(), cancellationToken);
        }
        catch (ObjectStoreException e)
        {
            // The verdict stands all the same.
            LogNotNoted(e, report.Name);
        }
    }

    // Where they are of others, none is verified before its own drill, and the last one that had one is not the newest.
    private async Task<StoredSnapshot> NewestAsync(CancellationToken cancellationToken)
    {
        var listing = await catalog.ListAsync(cancellationToken);
        return listing.NewestVerified(time.GetUtcNow()) is { Sidecar.IsOfDrill: false } ours ? ours : listing.Newest(time.GetUtcNow())
            ?? throw new SnapshotException(SnapshotFailure.NotFound, $"There is no snapshot of {catalog.Place.Cluster} in {catalog.Place.Store.Address}: nothing can be restored. Take one.");
    }

    // A snapshot of another program that a drill found sound counts as verified from then on, for lists and for retention.
    private async Task WriteSidecarAsync(StoredSnapshot snapshot, DrillDigests digests, TimeSpan duration, CancellationToken cancellationToken)
    {
        var sidecar = new Sidecar
        {
            Name = snapshot.Name.Text,
            Cluster = catalog.Place.Cluster,
            Time = snapshot.Name.Time,
            Duration = duration,
            Source = Sidecar.UnknownSource,
            PlaintextBytes = digests.PlaintextBytes,
            PlaintextSha256 = digests.PlaintextSha256,
            ObjectBytes = digests.ObjectBytes,
            ObjectSha256 = digests.ObjectSha256,
            Compressed = snapshot.Name.IsCompressed,
            Tool = "ebb drill",
            Verification = new Verification(time.GetUtcNow(), Trailer: true, ReadBack: true),
        };
        try
        {
            await PutSidecarAsync(snapshot, sidecar, new UploadOptions { OnlyIfAbsent = true }, cancellationToken);
            LogVerified(sidecar.Name);
        }
        catch (ObjectStoreException e) when (e.Fault == ObjectStoreFault.Exists)
        {
            // Another drill was quicker.
        }
    }

    private static Task<StoredObject> PutSidecarAsync(StoredSnapshot snapshot, Sidecar sidecar, UploadOptions options, CancellationToken cancellationToken) => snapshot.Place.Store.PutAsync(
        snapshot.Place.SidecarOf(snapshot.Name),
        JsonSerializer.SerializeToUtf8Bytes(sidecar, SidecarJson.Default.Sidecar),
        options with { ContentType = "application/json" },
        cancellationToken);

    [LoggerMessage(4060, LogLevel.Information, "Drill of {Name}: {Outcome}, in {Duration}")]
    private partial void LogDrilled(string name, DrillOutcome outcome, TimeSpan duration);

    [LoggerMessage(4061, LogLevel.Information, "{Name} had no sidecar and was found sound: it has one now, and counts as verified")]
    private partial void LogVerified(string name);

    [LoggerMessage(4062, LogLevel.Warning, "What the drill found out about {Name} cannot be noted in its sidecar: lists go on saying what they said")]
    private partial void LogNotNoted(Exception exception, string name);
}
