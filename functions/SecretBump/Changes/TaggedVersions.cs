using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>The versions that can be deployed: not deleted, not destroyed, with a tag. A version never changes, so each is read once.</summary>
public sealed class TaggedVersions(PatientStore store, BumpOptions options)
{
    /// <summary>Finds them, newest first.</summary>
    internal async Task<IReadOnlyList<DeployableVersion>> FindAsync(SecretPlace place, EnvironmentDocument known, Action<string> waiting, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(place, known, waiting, cancellationToken)).Select(found => new DeployableVersion(found.Version.Id, found.Tag, found.Version.Created))];

    /// <summary>Finds those of one tag, newest first, with the notes of who wrote them.</summary>
    internal async Task<IReadOnlyList<StoredVersion>> OfTagAsync(
        SecretPlace place, EnvironmentDocument known, string tag, Action<string> waiting, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(place, known, waiting, cancellationToken)).Where(found => found.Tag == tag).Select(found => found.Version)];

    private async Task<List<(StoredVersion Version, string Tag)>> ReadAsync(SecretPlace place, EnvironmentDocument known, Action<string> waiting, CancellationToken cancellationToken)
    {
        var versions = await store.TryAsync(secrets => secrets.VersionsAsync(place, cancellationToken), waiting, cancellationToken);
        var tags = known.Versions.ToDictionary(version => version.Version, version => version.Tag, StringComparer.Ordinal);
        var found = new List<(StoredVersion, string)>();
        foreach (var version in versions.Where(version => version.State == VersionState.Readable))
        {
            if ((tags.GetValueOrDefault(version.Id) ?? await ReadTagAsync(place, version, waiting, cancellationToken)) is { Length: > 0 } tag)
            {
                found.Add((version, tag));
            }
        }

        return found;
    }

    private async Task<string?> ReadTagAsync(SecretPlace place, StoredVersion version, Action<string> waiting, CancellationToken cancellationToken) =>
        (await store.TryAsync(secrets => secrets.ReadAsync(place, version.Id, cancellationToken), waiting, cancellationToken))?.Values?.Text(options.TagKey);
}
