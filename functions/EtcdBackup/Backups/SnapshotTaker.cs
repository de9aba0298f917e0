using System.Reflection;
using System.Text.Json;
using Ebb.EtcdBackup.Configuration;
using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Sources;
using Ebb.ObjectStore;
using Microsoft.Extensions.Logging;

namespace Ebb.EtcdBackup.Backups;

/// <summary>
/// Takes one snapshot from one member. The object becomes visible only when the snapshot has passed whole; it is read back, and its sidecar,
/// without which it does not count, is written last. Whatever ends this in between leaves nothing that lists as good.
/// </summary>
internal sealed partial class SnapshotTaker(EtcdBackupOptions options, SnapshotPlace place, TimeProvider time, ILogger<SnapshotTaker> logger)
{
    // Two runs in the same second and a clock that was set back account for a few.
    private const int MaxNames = 10;

    private static readonly string Tool =
        $"ebb {typeof(SnapshotTaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown"}";

    /// <exception cref="SnapshotException">The member did not give it whole, or the store does not give it back.</exception>
    /// <exception cref="ObjectStoreException">The store fails.</exception>
    public async Task<TakenSnapshot> TakeAsync(string source, SnapshotMember member, MemberState state, Action<string> progress, CancellationToken cancellationToken)
    {
        var (begun, started) = (time.GetUtcNow(), time.GetTimestamp());
        var name = await FreeNameAsync(begun, cancellationToken);
        var before = await CountAsync(member, cancellationToken);
        var (snapshot, stored) = await StoreAsync(name, member, state, progress, cancellationToken);
        var after = before is null ? null : await CountAsync(member, cancellationToken);
        var readBack = await ReadBackAsync(stored, progress, cancellationToken);
        var sidecar = new Sidecar
        {
            Name = name.Text,
            Cluster = options.Cluster,
            Time = begun,
            Duration = time.GetElapsedTime(started),
            Source = source,
            Member = member.Name,
            ClusterId = state.ClusterId is { } cluster ? Shown.Id(cluster) : null,
            MemberId = Shown.Id(state.MemberId),
            EtcdVersion = state.Version,
            Revision = before?.Revision ?? state.Revision,
            LastRevision = after?.Revision,
            RaftIndex = state.AppliedIndex,
            Keys = before?.Keys,
            PlaintextBytes = snapshot.Bytes,
            PlaintextSha256 = snapshot.Sha256,
            ObjectBytes = stored.Size,
            ObjectSha256 = stored.Sha256,
            Compressed = options.Compress,
            Recipients = [.. options.AgeRecipients.Select(recipient => recipient.ToString())],
            Tool = Tool,
            Verification = new Verification(time.GetUtcNow(), Trailer: true, options.ReadBack),
        };
        await WriteSidecarAsync(name, sidecar, cancellationToken);
        return new TakenSnapshot(sidecar, readBack);
    }

    // Names have whole seconds, and one that is taken is never written again.
    private async Task<SnapshotName> FreeNameAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        ObjectInfo? there = null;
        for (var second = 0; second < MaxNames; second++)
        {
            var name = SnapshotName.Create(options.Cluster, at.AddSeconds(second), options.Compress, !options.DisableEncryption);
            there = await place.Store.FindAsync(place.KeyOf(name), cancellationToken);
            if (there is null)
            {
                return name;
            }
        }

        throw new ObjectStoreException(
            $"{place.Store.Address} says that it has {there!.Key} and the {MaxNames - 1} names before it, the last with {there.Size} bytes of {there.LastModified:u} and the ETag '{Shown.Line(there.ETag)}'. "
            + $"Nobody takes a snapshot every second: does something that answers everything with 200, such as a console or a login page, stand at {EtcdBackupOptions.StoreSection}:Endpoint?",
            ObjectStoreFault.Protocol);
    }

    private async Task<(TransferResult Snapshot, StoredObject Stored)> StoreAsync(
        SnapshotName name, SnapshotMember member, MemberState state, Action<string> progress, CancellationToken cancellationToken)
    {
        void Tell(long bytes) => progress($"{Shown.Bytes(bytes)} of about {Shown.Bytes(state.DatabaseBytes)} from {member.Name}");
        await using var upload = await place.Store.OpenUploadAsync(place.KeyOf(name), Upload() with { OnlyIfAbsent = true }, cancellationToken);
        await using var envelope = await SnapshotEnvelope.OpenAsync(upload, options, cancellationToken);
        var snapshot = await new SnapshotTransfer(options.ProgressTimeout, time).CopyAsync(member, envelope.Input, Tell, cancellationToken);
        await envelope.CompleteAsync(cancellationToken);
        return (snapshot, await upload.CompleteAsync(cancellationToken));
    }

    private async Task<TimeSpan> ReadBackAsync(StoredObject stored, Action<string> progress, CancellationToken cancellationToken)
    {
        if (!options.ReadBack)
        {
            return TimeSpan.Zero;
        }

        var started = time.GetTimestamp();
        progress($"reading {Shown.Bytes(stored.Size)} back from the store");
        try
        {
            await ReadBack.CompareAsync(place, stored, cancellationToken);
        }
        catch (SnapshotException)
        {
            await RemoveBadAsync(stored.Key);
            throw;
        }

        return time.GetElapsedTime(started);
    }

    private async Task RemoveBadAsync(ObjectKey key)
    {
        try
        {
            await place.Store.DeleteAsync(key, CancellationToken.None);
        }
        catch (ObjectStoreException e)
        {
            // It stays without a sidecar, and counts for nothing.
            LogBadStays(e, key.Value);
        }
    }

    // How many keys there are is worth knowing, but no reason to go without a backup.
    private async Task<(long Revision, long Keys)?> CountAsync(SnapshotMember member, CancellationToken cancellationToken)
    {
        try
        {
            return await member.CountAsync(cancellationToken);
        }
        catch (SnapshotException e)
        {
            LogNotCounted(e, member.Name);
            return null;
        }
    }

    private Task<StoredObject> WriteSidecarAsync(SnapshotName name, Sidecar sidecar, CancellationToken cancellationToken) => place.Store.PutAsync(
        place.SidecarOf(name),
        JsonSerializer.SerializeToUtf8Bytes(sidecar, SidecarJson.Default.Sidecar),
        Upload() with { ContentType = "application/json" },
        cancellationToken);

    private UploadOptions Upload() => new()
    {
        Retention = options.Lock is { } locked ? new ObjectRetention(locked.Mode, time.GetUtcNow().AddDays(locked.Days)) : null,
    };

    [LoggerMessage(4020, LogLevel.Warning, "The keys at {Member} cannot be counted; the sidecar goes without their number")]
    private partial void LogNotCounted(Exception exception, string member);

    [LoggerMessage(4021, LogLevel.Warning, "The object {Key}, which was not given back as it was sent, cannot be deleted")]
    private partial void LogBadStays(Exception exception, string key);
}
