using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Changes;

/// <summary>The versions that can be deployed: not deleted, not destroyed, with a tag. A version never changes, so each is read once.</summary>
public sealed class TaggedVersions(PatientStore store, BumpOptions options)
{
    /// <summary>Finds them, newest first.</summary>
    internal async Task<IReadOnlyList<DeployableVersion>> FindAsync(SecretPlace place, EnvironmentDocument known, Action<string> waiting, CancellationToken cancellationToken)
    {
        var versions = await store.TryAsync(secrets => secrets.VersionsAsync(place, cancellationToken), waiting, cancellationToken);
        var tags = known.Versions.ToDictionary(version => version.Version, version => version.Tag, StringComparer.Ordinal);
        var found = new List<DeployableVersion>();
        foreach (var version in versions.Where(version => version.State == VersionState.Readable))
        {
            if ((tags.GetValueOrDefault(version.Id) ?? await ReadTagAsync(place, version, waiting, cancellationToken)) is { Length: > 0 } tag)
            {
                found.Add(new DeployableVersion(version.Id, tag, version.Created));
            }
        }

        return found;
    }

    private async Task<string?> ReadTagAsync(SecretPlace place, StoredVersion version, Action<string> waiting, CancellationToken cancellationToken) =>
        (await store.TryAsync(secrets => secrets.ReadAsync(place, version.Id, cancellationToken), waiting, cancellationToken))?.Values?.Text(options.TagKey);
}
