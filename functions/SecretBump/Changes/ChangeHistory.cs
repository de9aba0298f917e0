using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// Keeps account of every version that SecretBump writes. A change is noted as begun before it is written and as made after it; what a
/// crash leaves between the two is found in the store by whoever comes next.
/// </summary>
public sealed class ChangeHistory(PatientStore store, EnvironmentMemory memory, BumpOptions options, ChangeAudit audit)
{
    /// <summary>Notes that a change is about to be written.</summary>
    internal Task BeginAsync(SecretPlace place, MadeChange change, IReadOnlyDictionary<string, string> workloads, CancellationToken cancellationToken) =>
        memory.UpdateAsync(place, known => known with { Begun = new BegunChange(change, workloads) }, cancellationToken);

    /// <summary>Notes that it was written.</summary>
    internal async Task<EnvironmentDocument> MadeAsync(SecretPlace place, string? oldTag, MadeChange change, StoredVersion written, CancellationToken cancellationToken)
    {
        change = change with { Version = written.Id };
        audit.Written(place, oldTag, change);
        return await memory.UpdateAsync(place, known => With(known, change, written) with { CurrentVersion = written.Id, CurrentTag = change.Tag }, cancellationToken);
    }

    /// <summary>
    /// Finds out what became of a change that was begun. In the store its version is the one that follows the version it was decided upon,
    /// for check-and-set lets no other be ours.
    /// </summary>
    /// <param name="place">The environment.</param>
    /// <param name="current">What the store holds now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What is known, with the change among <see cref="EnvironmentDocument.Changes"/> when it was made.</returns>
    internal async Task<EnvironmentDocument> SettleAsync(SecretPlace place, StoredSecret? current, CancellationToken cancellationToken)
    {
        var known = await memory.ReadAsync(place, cancellationToken);
        if (current is null || known.Begun is not { } begun || begun.Change.From == current.Version.Id || IsNoted(known, begun.Change))
        {
            return known;
        }

        if (await FollowerAsync(place, begun.Change.From, current, cancellationToken) is not { } follower || !IsOurs(follower, begun.Change))
        {
            return known;
        }

        var change = begun.Change with { Version = follower.Version.Id };
        audit.Written(place, known.CurrentTag, change);
        return await memory.UpdateAsync(place, latest => With(latest, change, follower.Version), cancellationToken);
    }

    /// <summary>Notes that a version was seen running healthily.</summary>
    internal Task HealthyAsync(SecretPlace place, string version, string? tag, CancellationToken cancellationToken) => memory.UpdateAsync(
        place,
        known => known with
        {
            CurrentVersion = version,
            CurrentTag = tag,
            HealthyVersion = version,
            Begun = null,
            Pending = known.Pending?.Tag == tag ? null : known.Pending,
            Changes = [.. known.Changes.Select(change => change.Version == version ? change with { Healthy = true } : change)],
        },
        cancellationToken);

    /// <summary>The change that was begun, when it made this version and nobody has seen that healthy yet.</summary>
    internal static BegunChange? BegunOf(EnvironmentDocument known, string version) =>
        known.Begun is { } begun && known.Changes.Any(made => made.Version == version && made.Run == begun.Change.Run && made.From == begun.Change.From) ? begun : null;

    private static bool IsNoted(EnvironmentDocument known, MadeChange change) => known.Changes.Any(made => made.Run == change.Run && made.From == change.From);

    private async Task<StoredSecret?> FollowerAsync(SecretPlace place, string? from, StoredSecret current, CancellationToken cancellationToken)
    {
        var versions = await store.TryAsync(secrets => secrets.VersionsAsync(place, cancellationToken), cancellationToken);
        var at = from is null ? versions.Count : versions.TakeWhile(version => version.Id != from).Count();
        if (at == 0 || (from is not null && at == versions.Count))
        {
            // The store no longer keeps the version that it was decided upon.
            return null;
        }

        var follower = versions[at - 1].Id;
        return follower == current.Version.Id ? current : await store.TryAsync(secrets => secrets.ReadAsync(place, follower, cancellationToken), cancellationToken);
    }

    // A note in the store says it outright; where the crash came before the note, the tag does.
    private bool IsOurs(StoredSecret follower, MadeChange change) => follower.Version.Note is { Run: { } run }
        ? run == change.Run
        : follower.Values is null || follower.Values.Text(options.TagKey) == change.Tag;

    private static EnvironmentDocument With(EnvironmentDocument known, MadeChange change, StoredVersion written) => IsNoted(known, change) ? known : known with
    {
        Changes = [change, .. known.Changes.Take(EnvironmentDocument.MaxChanges - 1)],
        Versions = change.Tag is null || known.Versions.Any(version => version.Version == written.Id)
            ? known.Versions
            : [new DeployableVersion(written.Id, change.Tag, written.Created), .. known.Versions],
    };
}
