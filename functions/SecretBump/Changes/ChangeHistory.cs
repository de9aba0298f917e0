using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Rollouts;
using Ebb.SecretBump.Stores;
using Ebb.Storage.Exclusion;
using Ebb.Worker;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// Keeps account of every version that SecretBump writes. A change is noted as begun before it is written and as made after it; what a
/// crash leaves between the two is found in the store by whoever comes next.
/// </summary>
public sealed class ChangeHistory(PatientStore store, EnvironmentMemory memory, BumpOptions options, ChangeAudit audit)
{
    /// <summary>
    /// Notes that a change is about to be written. What a repetition finds noted stays: the cluster as it was before the first try, and
    /// that it was written.
    /// </summary>
    /// <exception cref="ChangeException">A later run has begun; the change may not be written.</exception>
    internal static Task BeginAsync(ChangeRun run, MadeChange change, ClusterBefore before, CancellationToken cancellationToken) => run.Held.UpdateAsync(
        known => IsBegun(known, change) || IsNoted(known, change) ? known : known with { Begun = new BegunChange(change, before.Workloads, before.Secrets) }, cancellationToken);

    /// <summary>
    /// Notes what was in the cluster before a version that somebody else wrote was brought there. What a repetition finds noted stays, so
    /// that what was delivered before a crash is restarted after it.
    /// </summary>
    /// <exception cref="ChangeException">A later run has begun.</exception>
    internal static async Task<ClusterBefore> FollowingAsync(ChangeRun run, string version, ClusterBefore found, CancellationToken cancellationToken)
    {
        var known = await run.Held.UpdateAsync(
            known => known.Followed?.Version == version ? known : known with { Followed = new FollowedVersion(version, found.Workloads, found.Secrets!) }, cancellationToken);
        return ClusterBefore.Of(known.Followed!);
    }

    /// <summary>Notes that it was written; of a run that was overtaken meanwhile only the version is noted.</summary>
    internal async Task<EnvironmentDocument> MadeAsync(
        ChangeRun run, SecretPlace place, string? oldTag, MadeChange change, StoredVersion written, CancellationToken cancellationToken)
    {
        change = change with { Version = written.Id };
        audit.Written(place, oldTag, change);
        try
        {
            return await run.Held.UpdateAsync(known => With(known, change, written) with { CurrentVersion = written.Id, CurrentTag = change.Tag }, cancellationToken);
        }
        catch (Exception e) when (e is ChangeException or KeyLostException)
        {
            return await memory.UpdateAsync(place, known => With(known, change, written), cancellationToken);
        }
    }

    /// <summary>
    /// Finds out what became of a change that was begun. In the store its version is the one that follows the version it was decided upon,
    /// for check-and-set lets no other be ours.
    /// </summary>
    /// <param name="place">The environment.</param>
    /// <param name="current">What the store holds now.</param>
    /// <param name="waiting">Told when it is waited for the store.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What is known, with the change among <see cref="EnvironmentDocument.Changes"/> when it was made.</returns>
    internal async Task<EnvironmentDocument> SettleAsync(SecretPlace place, StoredSecret? current, Action<string> waiting, CancellationToken cancellationToken)
    {
        var known = await memory.ReadAsync(place, cancellationToken);
        if (current is null || known.Begun is not { } begun || begun.Change.From == current.Version.Id || IsNoted(known, begun.Change))
        {
            return known;
        }

        if (await FollowerAsync(place, begun.Change.From, current, waiting, cancellationToken) is not { } follower || !IsOurs(follower, begun.Change))
        {
            return known;
        }

        var change = begun.Change with { Version = follower.Version.Id };
        audit.Written(place, known.CurrentTag, change);
        return await memory.UpdateAsync(place, latest => With(latest, change, follower.Version), cancellationToken);
    }

    /// <summary>Notes that a version was seen running healthily.</summary>
    /// <exception cref="ChangeException">A later run has begun; what was seen may be over.</exception>
    internal static Task HealthyAsync(ChangeRun run, string version, string? tag, CancellationToken cancellationToken) => run.Held.UpdateAsync(
        known => known with
        {
            CurrentVersion = version,
            CurrentTag = tag,
            HealthyVersion = version,
            Begun = null,
            Followed = null,
            Pending = known.Pending?.Tag == tag ? null : known.Pending,
            Changes = [.. known.Changes.Select(change => change.Version == version ? change with { Healthy = true } : change)],
        },
        cancellationToken);

    /// <summary>The newest change that a run made, of this tag or of any; null when it has made none.</summary>
    internal static MadeChange? MadeBy(EnvironmentDocument known, string run, string? tag) =>
        known.Changes.FirstOrDefault(change => change.Run == run && (tag is null || change.Tag == tag));

    /// <summary>Somebody else's version is there now.</summary>
    internal static ChangeException Replaced(MadeChange made, string? by) => new(
        FailureKind.Conflict, "overtaken", $"it was written as version {made.Version} and has been replaced since by version {by}", "Ask again if it is still wanted.");

    /// <summary>The change that was begun, when it made this version and nobody has seen that healthy yet.</summary>
    internal static BegunChange? BegunOf(EnvironmentDocument known, string version) =>
        known.Begun is { } begun && known.Changes.Any(made => made.Version == version && made.Run == begun.Change.Run && made.From == begun.Change.From) ? begun : null;

    private static bool IsBegun(EnvironmentDocument known, MadeChange change) => known.Begun is { } begun && AreSame(begun.Change, change);

    private static bool IsNoted(EnvironmentDocument known, MadeChange change) => known.Changes.Any(made => AreSame(made, change));

    private static bool AreSame(MadeChange one, MadeChange other) => one.Run == other.Run && one.From == other.From;

    private async Task<StoredSecret?> FollowerAsync(SecretPlace place, string? from, StoredSecret current, Action<string> waiting, CancellationToken cancellationToken)
    {
        var versions = await store.TryAsync(secrets => secrets.VersionsAsync(place, cancellationToken), waiting, cancellationToken);
        var at = from is null ? versions.Count : versions.TakeWhile(version => version.Id != from).Count();
        if (at == 0 || (from is not null && at == versions.Count))
        {
            // The store no longer keeps the version that it was decided upon.
            return null;
        }

        var follower = versions[at - 1].Id;
        return follower == current.Version.Id ? current : await store.TryAsync(secrets => secrets.ReadAsync(place, follower, cancellationToken), waiting, cancellationToken);
    }

    // A note in the store says it outright; where the crash came before the note, the tag does.
    private bool IsOurs(StoredSecret follower, MadeChange change) => follower.Version.Note is { Run: { } run }
        ? run == change.Run
        : follower.Values is null || follower.Values.Text(options.TagKey) == change.Tag;

    private static EnvironmentDocument With(EnvironmentDocument known, MadeChange change, StoredVersion written) => IsNoted(known, change) ? known : known with
    {
        Changes = Inserted(known.Changes, change),
        Versions = change.Tag is null || known.Versions.Any(version => version.Version == written.Id)
            ? known.Versions
            : [new DeployableVersion(written.Id, change.Tag, written.Created), .. known.Versions],
    };

    // Newest first, also when what was written on top of it was noted before it.
    private static MadeChange[] Inserted(IReadOnlyList<MadeChange> changes, MadeChange change)
    {
        var later = changes.TakeWhile(made => made.From != change.Version).Count() + 1;
        later = later > changes.Count ? 0 : later;
        return [.. changes.Take(later).Append(change).Concat(changes.Skip(later)).Take(EnvironmentDocument.MaxChanges)];
    }
}
