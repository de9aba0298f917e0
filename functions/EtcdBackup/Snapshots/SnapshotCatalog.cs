using System.Collections.Concurrent;
using System.Text.Json;
using Ebb.ObjectStore;

namespace Ebb.EtcdBackup.Snapshots;

/// <summary>
/// Lists and finds the snapshots of a cluster, ours and those of siderolabs/talos-backup. Objects with other names are left out and
/// never touched.
/// </summary>
public sealed class SnapshotCatalog(SnapshotPlace place, TimeProvider time)
{
    /// <summary>The newest snapshot that is verified.</summary>
    public const string Latest = "latest";

    private const int MaxParallelReads = 8;

    /// <summary>Where they are.</summary>
    public SnapshotPlace Place => place;

    /// <summary>Lists; reads the sidecar of each snapshot that has one.</summary>
    /// <exception cref="ObjectStoreException">The store cannot be read.</exception>
    public async Task<SnapshotListing> ListAsync(CancellationToken cancellationToken)
    {
        var snapshots = new List<(SnapshotName Name, ObjectInfo Object)>();
        var sidecars = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in place.Store.ListAsync(place.Beginning, cancellationToken))
        {
            var text = found.Key.Value[place.KeyPrefix.Length..];
            if (SnapshotName.TryParse(text, place.Cluster, out var name))
            {
                snapshots.Add((name, found));
            }
            else if (IsSidecar(text))
            {
                sidecars.Add(text);
            }
        }

        var stored = new ConcurrentBag<StoredSnapshot>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(snapshots, options, async (snapshot, token) =>
            stored.Add(await LookAtAsync(snapshot.Name, snapshot.Object, sidecars.Contains(snapshot.Name + Sidecar.Extension), token)));
        sidecars.ExceptWith(snapshots.Select(snapshot => snapshot.Name + Sidecar.Extension));
        return new SnapshotListing(
            [.. stored.OrderByDescending(snapshot => snapshot.Name.Time).ThenByDescending(snapshot => snapshot.Name.Text, StringComparer.Ordinal)],
            [.. sidecars.Order(StringComparer.Ordinal).Select(text => place.KeyPrefix + text)]);
    }

    /// <summary>A snapshot by its name, or for <see cref="Latest"/> the newest verified one.</summary>
    /// <exception cref="SnapshotException">There is none (<see cref="SnapshotFailure.NotFound"/>); the message says what there is.</exception>
    /// <exception cref="ObjectStoreException">The store cannot be read.</exception>
    public async Task<StoredSnapshot> FindAsync(string nameOrLatest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nameOrLatest);
        if (nameOrLatest == Latest)
        {
            var listing = await ListAsync(cancellationToken);
            return listing.NewestVerified(time.GetUtcNow()) ?? throw NotFound($"There is no verified snapshot of {place.Cluster} in {place.Store.Address}; {listing.Snapshots.Count} others are there.");
        }

        var text = nameOrLatest.StartsWith(place.KeyPrefix, StringComparison.Ordinal) ? nameOrLatest[place.KeyPrefix.Length..] : nameOrLatest;
        if (!SnapshotName.TryParse(text, place.Cluster, out var name))
        {
            throw NotFound($"'{Shown.Line(nameOrLatest)}' is not the name of a snapshot of {place.Cluster}: they look like {place.Cluster}-2026-01-31T02:00:00Z.snap.age.");
        }

        return await place.Store.FindAsync(place.KeyOf(name), cancellationToken) is { } found
            ? await LookAtAsync(name, found, hasSidecar: true, cancellationToken)
            : throw NotFound($"There is no {name} in {place.Store.Address}; 'ebb etcd list' shows what there is.");
    }

    private bool IsSidecar(string text) => text.EndsWith(Sidecar.Extension, StringComparison.Ordinal)
        && SnapshotName.TryParse(text[..^Sidecar.Extension.Length], place.Cluster, out _);

    private async ValueTask<StoredSnapshot> LookAtAsync(SnapshotName name, ObjectInfo found, bool hasSidecar, CancellationToken cancellationToken)
    {
        var (sidecar, problem) = hasSidecar ? await ReadSidecarAsync(name, cancellationToken) : (null, null);
        problem ??= sidecar?.Damage;
        if (sidecar is not null && sidecar.ObjectBytes != found.Size)
        {
            problem = $"it has {found.Size} bytes, and its sidecar says {sidecar.ObjectBytes}";
        }

        return new StoredSnapshot
        {
            Name = name,
            Key = found.Key.Value,
            Bytes = found.Size,
            Sidecar = sidecar,
            Problem = problem,
            State = problem is not null ? SnapshotState.Damaged : sidecar?.Verification.ReadBack is true ? SnapshotState.Verified : SnapshotState.Unverified,
        };
    }

    private async Task<(Sidecar? Sidecar, string? Problem)> ReadSidecarAsync(SnapshotName name, CancellationToken cancellationToken)
    {
        try
        {
            if (await place.Store.GetAsync(place.SidecarOf(name), Sidecar.MaxBytes, cancellationToken) is not { } json)
            {
                return (null, null);
            }

            var sidecar = JsonSerializer.Deserialize(json, SidecarJson.Default.Sidecar);
            return sidecar switch
            {
                { Verification: null } or { Recipients: null } or null => (null, "its sidecar lacks what a sidecar must have"),
                _ when sidecar.Name != name.Text => (null, "its sidecar is that of another snapshot"),
                _ => (sidecar, null),
            };
        }
        catch (ObjectStoreException e) when (e.Fault == ObjectStoreFault.TooLarge)
        {
            return (null, "its sidecar is too long to be one");
        }
        catch (JsonException e)
        {
            return (null, $"its sidecar cannot be read: {Shown.Line(e.Message)}");
        }
    }

    private static SnapshotException NotFound(string message) => new(SnapshotFailure.NotFound, message);
}
