using Ebb.Contracts;
using Ebb.Contracts.Etcd;
using Ebb.EtcdBackup.Snapshots;
using Ebb.Storage;

namespace Ebb.EtcdBackup.Backups;

/// <summary>What is left in host storage for others: the list that the door shows, and the figures for the scrapers.</summary>
internal sealed class BackupMemory(TimeProvider time)
{
    /// <summary>Writes both, after the store was looked at, under the cluster's key.</summary>
    public async Task RememberAsync(IDocumentStore documents, SnapshotPlace place, SnapshotListing listing, CancellationToken cancellationToken)
    {
        var document = new SnapshotsDocument
        {
            Cluster = place.Cluster,
            Store = place.Store.Address,
            UpdatedAt = time.GetUtcNow(),
            Snapshots = [.. listing.Snapshots.Take(SnapshotsDocument.MaxSnapshots).Select(EntryOf)],
        };
        await documents.WriteAsync(SnapshotsDocument.KeyPrefix + place.Cluster, document, ContractsJson.Default.SnapshotsDocument, cancellationToken);
        await Gauges.PublishAsync(documents, $"etcd/{place.Cluster}", [.. GaugesOf(place.Cluster, listing, document.UpdatedAt)], cancellationToken);
    }

    private static SnapshotEntry EntryOf(StoredSnapshot snapshot) => new()
    {
        Name = snapshot.Name.Text,
        Time = snapshot.Name.Time,
        State = NameOf(snapshot.State),
        ObjectBytes = snapshot.Bytes,
        Bytes = snapshot.Sidecar?.PlaintextBytes,
        Revision = snapshot.Sidecar?.Revision,
        Keys = snapshot.Sidecar?.Keys,
        Encrypted = snapshot.Name.IsEncrypted,
        Problem = snapshot.Problem,
    };

    private static IEnumerable<Gauge> GaugesOf(string cluster, SnapshotListing listing, DateTimeOffset now)
    {
        var labels = new Dictionary<string, string> { ["cluster"] = cluster };
        foreach (var state in Enum.GetValues<SnapshotState>())
        {
            yield return new Gauge(
                "ebb_etcd_backup_snapshots", "Snapshots in the store, by state.", listing.Snapshots.Count(snapshot => snapshot.State == state),
                new Dictionary<string, string>(labels) { ["state"] = NameOf(state) });
        }

        if (listing.NewestVerified(now) is not { Sidecar: { } newest } snapshot)
        {
            yield break;
        }

        yield return new Gauge(
            "ebb_etcd_backup_last_verified_timestamp_seconds", "When the newest verified snapshot was taken, in seconds since 1970.", snapshot.Name.Time.ToUnixTimeSeconds(), labels);
        yield return new Gauge(
            "ebb_etcd_backup_oldest_verified_timestamp_seconds", "When the oldest verified snapshot was taken, in seconds since 1970.", listing.Verified.Last().Name.Time.ToUnixTimeSeconds(), labels);
        yield return new Gauge("ebb_etcd_backup_size_bytes", "Length of the newest verified snapshot.", newest.PlaintextBytes, labels);
        yield return new Gauge("ebb_etcd_backup_object_size_bytes", "Length of its object.", newest.ObjectBytes, labels);
        yield return new Gauge("ebb_etcd_backup_duration_seconds", "How long it took, reading back included.", newest.Duration.TotalSeconds, labels);
        if (SizeHistory.MedianBefore(snapshot.Name.Text, listing.Verified) is { } median)
        {
            yield return new Gauge("ebb_etcd_backup_usual_size_bytes", "Median length of the seven verified snapshots before it.", median, labels);
        }
    }

    private static string NameOf(SnapshotState state) => state switch
    {
        SnapshotState.Verified => "verified",
        SnapshotState.Damaged => "damaged",
        _ => "unverified",
    };
}
