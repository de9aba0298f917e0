using System.Collections.Concurrent;
using System.Text;
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
        var listings = new List<SnapshotListing>();
        foreach (var at in place.All)
        {
            listings.Add(await ListAsync(at, cancellationToken));
        }

        return new SnapshotListing(
            [.. listings.SelectMany(listing => listing.Snapshots).OrderByDescending(snapshot => snapshot.Name.Time).ThenByDescending(snapshot => snapshot.Name.Text, StringComparer.Ordinal)],
            [.. listings.SelectMany(listing => listing.LoneSidecars)]);
    }

    private static async Task<SnapshotListing> ListAsync(SnapshotPlace at, CancellationToken cancellationToken)
    {
        var snapshots = new List<(SnapshotName Name, ObjectInfo Object)>();
        var sidecars = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in at.Store.ListAsync(at.Beginning, cancellationToken))
        {
            var text = found.Key.Value[at.KeyPrefix.Length..];
            if (SnapshotName.TryParse(text, at.Cluster, out var name))
            {
                snapshots.Add((name, found));
            }
            else if (IsSidecar(text, at.Cluster))
            {
                sidecars.Add(text);
            }
        }

        var stored = new ConcurrentBag<StoredSnapshot>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(snapshots, options, async (snapshot, token) =>
            stored.Add(await LookAtAsync(at, snapshot.Name, snapshot.Object, sidecars.Contains(snapshot.Name + Sidecar.Extension), token)));
        sidecars.ExceptWith(snapshots.Select(snapshot => snapshot.Name + Sidecar.Extension));
        return new SnapshotListing([.. stored], [.. sidecars.Order(StringComparer.Ordinal).Select(text => new LoneSidecar(at, ObjectKey.Parse(at.KeyPrefix + text)))]);
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

        foreach (var at in place.All)
        {
            if (await at.Store.FindAsync(at.KeyOf(name), cancellationToken) is { } found)
            {
                return await LookAtAsync(at, name, found, hasSidecar: true, cancellationToken);
            }
        }

        throw NotFound($"There is no {name} in {place.Store.Address}; 'ebb etcd list' shows what there is.");
    }

    private static bool IsSidecar(string text, string cluster) => text.EndsWith(Sidecar.Extension, StringComparison.Ordinal)
        && SnapshotName.TryParse(text[..^Sidecar.Extension.Length], cluster, out _);

    private static async ValueTask<StoredSnapshot> LookAtAsync(SnapshotPlace at, SnapshotName name, ObjectInfo found, bool hasSidecar, CancellationToken cancellationToken)
    {
        var (sidecar, problem) = hasSidecar ? await ReadSidecarAsync(at, name, cancellationToken) : (null, null);
        problem ??= sidecar?.Damage;
        if (sidecar is not null && sidecar.ObjectBytes != found.Size)
        {
            problem = $"it has {found.Size} bytes, and its sidecar says {sidecar.ObjectBytes}";
        }

        return new StoredSnapshot
        {
            Name = name,
            Place = at,
            Key = found.Key.Value,
            Bytes = found.Size,
            Sidecar = sidecar,
            Problem = problem,
            State = problem is not null ? SnapshotState.Damaged : sidecar?.Verification.ReadBack is true ? SnapshotState.Verified : SnapshotState.Unverified,
        };
    }

    private static async Task<(Sidecar? Sidecar, string? Problem)> ReadSidecarAsync(SnapshotPlace at, SnapshotName name, CancellationToken cancellationToken)
    {
        try
        {
            if (await at.Store.GetAsync(at.SidecarOf(name), Sidecar.MaxBytes, cancellationToken) is not { } json)
            {
                return (null, null);
            }

            var start = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            var sidecar = JsonSerializer.Deserialize(json.AsSpan(start), SidecarJson.Default.Sidecar);
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
