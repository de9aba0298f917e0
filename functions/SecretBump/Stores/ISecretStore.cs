namespace Ebb.SecretBump.Stores;

/// <summary>
/// Where applications' secrets are kept: one secret with versions for each application and environment. Every failure is a
/// <see cref="SecretStoreException"/>.
/// </summary>
public interface ISecretStore
{
    /// <summary>Names the store in messages: <c>Vault at https://vault.example.com, kvv2</c>.</summary>
    string Description { get; }

    /// <summary>The newest version; null when there is no such secret. A deleted one comes without values.</summary>
    Task<StoredSecret?> ReadAsync(SecretPlace place, CancellationToken cancellationToken);

    /// <summary>One version; null when there is none of that id. A deleted one comes without values.</summary>
    Task<StoredSecret?> ReadAsync(SecretPlace place, string version, CancellationToken cancellationToken);

    /// <summary>The versions that the store keeps, newest first, deleted and destroyed ones among them; none when there is no such secret.</summary>
    Task<IReadOnlyList<StoredVersion>> VersionsAsync(SecretPlace place, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a new version in which some keys are changed or (null) removed and all others stay as they were read, byte for byte. Check-and-set
    /// against what was read; null where nothing was there.
    /// </summary>
    /// <exception cref="SecretStoreException"><see cref="SecretStoreFault.Conflict"/>: somebody wrote meanwhile; read again and decide again.</exception>
    Task<StoredVersion> ChangeAsync(
        SecretPlace place, StoredSecret? current, IReadOnlyDictionary<string, string?> changes, VersionNote note, CancellationToken cancellationToken);

    /// <summary>Writes a new version that holds what an earlier one held and nothing else. Check-and-set against what was read.</summary>
    /// <exception cref="SecretStoreException"><see cref="SecretStoreFault.Conflict"/>: somebody wrote meanwhile; read again and decide again.</exception>
    Task<StoredVersion> RestoreAsync(SecretPlace place, StoredSecret current, StoredSecret earlier, VersionNote note, CancellationToken cancellationToken);

    /// <summary>The names of the applications, sorted.</summary>
    Task<IReadOnlyList<string>> ApplicationsAsync(CancellationToken cancellationToken);

    /// <summary>The names of an application's environments, sorted; none for an unknown application.</summary>
    Task<IReadOnlyList<string>> EnvironmentsAsync(string application, CancellationToken cancellationToken);
}
