namespace Ebb.SecretBump.Stores;

/// <summary>Stands where no store is configured, and says so to whoever asks for something.</summary>
internal sealed class UnconfiguredStore : ISecretStore
{
    public string Description => "no store of secrets";

    private static SecretStoreException Missing => new(
        "There is no store of secrets. Set Vault:Address and a login, or SecretBump:KeyVault:Vault.", SecretStoreFault.Other);

    public Task<StoredSecret?> ReadAsync(SecretPlace place, CancellationToken cancellationToken) => throw Missing;

    public Task<StoredSecret?> ReadAsync(SecretPlace place, string version, CancellationToken cancellationToken) => throw Missing;

    public Task<IReadOnlyList<StoredVersion>> VersionsAsync(SecretPlace place, CancellationToken cancellationToken) => throw Missing;

    public Task<StoredVersion> ChangeAsync(
        SecretPlace place, StoredSecret? current, IReadOnlyDictionary<string, string?> changes, VersionNote note, CancellationToken cancellationToken) => throw Missing;

    public Task<StoredVersion> RestoreAsync(SecretPlace place, StoredSecret current, StoredSecret earlier, VersionNote note, CancellationToken cancellationToken) => throw Missing;

    public Task<IReadOnlyList<string>> ApplicationsAsync(CancellationToken cancellationToken) => throw Missing;

    public Task<IReadOnlyList<string>> EnvironmentsAsync(string application, CancellationToken cancellationToken) => throw Missing;
}
