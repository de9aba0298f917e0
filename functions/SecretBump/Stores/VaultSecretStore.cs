using System.Globalization;
using Ebb.Vault;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores;

/// <summary>Vault's and OpenBao's key-value engine, version 2.</summary>
public sealed partial class VaultSecretStore(VaultClient client, VaultStoreOptions options, TimeProvider time, ILogger<VaultSecretStore> logger) : ISecretStore
{
    private readonly VaultKeyValue _engine = new(client, options.Mount);

    public string Description => $"{client.Options}, {options.Mount}";

    public Task<StoredSecret?> ReadAsync(SecretPlace place, CancellationToken cancellationToken) => ReadAsync(place, number: null, cancellationToken);

    public async Task<StoredSecret?> ReadAsync(SecretPlace place, string version, CancellationToken cancellationToken) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? await ReadAsync(place, number, cancellationToken)
            : null;

    public Task<IReadOnlyList<StoredVersion>> VersionsAsync(SecretPlace place, CancellationToken cancellationToken) => VaultStoreFaults.GuardAsync<IReadOnlyList<StoredVersion>>(async () =>
        await _engine.ReadMetadataAsync(options.Layout.PathOf(place), cancellationToken) is { } metadata
            ? [.. metadata.Versions.Reverse().Select(version => Of(version, metadata.CustomMetadata))]
            : []);

    public Task<StoredVersion> ChangeAsync(
        SecretPlace place, StoredSecret? current, IReadOnlyDictionary<string, string?> changes, VersionNote note, CancellationToken cancellationToken) => VaultStoreFaults.GuardAsync(async () =>
    {
        var path = options.Layout.PathOf(place);
        var written = current is null
            ? await _engine.WriteAsync(path, KeyValueData.Empty.With(changes), checkAndSet: 0, cancellationToken)
            : await _engine.ChangeAsync(path, Of(current), changes, cancellationToken);
        return await NoteAsync(path, written, current, note, cancellationToken);
    });

    public Task<StoredVersion> RestoreAsync(
        SecretPlace place, StoredSecret current, StoredSecret earlier, VersionNote note, CancellationToken cancellationToken) => VaultStoreFaults.GuardAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(earlier);
        var values = earlier.Values ?? throw new ArgumentException($"The version {earlier.Version.Id} is deleted and cannot be restored.", nameof(earlier));
        var path = options.Layout.PathOf(place);
        var written = await _engine.WriteAsync(path, values, Number(current), cancellationToken);
        return await NoteAsync(path, written, current, note, cancellationToken);
    });

    public Task<IReadOnlyList<string>> ApplicationsAsync(CancellationToken cancellationToken) =>
        NamesAsync(options.Layout.ApplicationsFolder, folders: true, cancellationToken);

    public Task<IReadOnlyList<string>> EnvironmentsAsync(string application, CancellationToken cancellationToken) => SecretPlace.IsName(application)
        ? NamesAsync(options.Layout.EnvironmentsFolder(application), options.Layout.EnvironmentIsFolder, cancellationToken)
        : Task.FromResult<IReadOnlyList<string>>([]);

    private static int Number(StoredSecret secret) => int.Parse(secret.Version.Id, NumberStyles.None, CultureInfo.InvariantCulture);

    private static KeyValueSecret Of(StoredSecret secret) =>
        new(new KeyValueVersion(Number(secret), secret.Version.Created, null, Destroyed: false), secret.Values, secret.Metadata);

    private Task<StoredSecret?> ReadAsync(SecretPlace place, int? number, CancellationToken cancellationToken) => VaultStoreFaults.GuardAsync(async () =>
        await _engine.ReadAsync(options.Layout.PathOf(place), number, cancellationToken) is { } secret
            ? new StoredSecret(Of(secret.Version, secret.CustomMetadata), secret.Data) { Metadata = secret.CustomMetadata }
            : null);

    private StoredVersion Of(KeyValueVersion version, IReadOnlyDictionary<string, string> custom) => new(
        version.Number.ToString(CultureInfo.InvariantCulture),
        version.Created,
        version.Destroyed ? VersionState.Destroyed : version.IsReadableAt(time.GetUtcNow()) ? VersionState.Readable : VersionState.Deleted,
        VaultNotes.Of(version.Number, custom));

    private Task<IReadOnlyList<string>> NamesAsync(string folder, bool folders, CancellationToken cancellationToken) => VaultStoreFaults.GuardAsync<IReadOnlyList<string>>(async () =>
        [.. (await _engine.ListAsync(folder, cancellationToken))
            .Where(name => name.EndsWith('/') == folders)
            .Select(name => name.TrimEnd('/'))
            .Where(SecretPlace.IsName)
            .Order(StringComparer.Ordinal)]);

    // The version is written: that its note is not may not make it a failure.
    private async Task<StoredVersion> NoteAsync(string path, KeyValueVersion written, StoredSecret? current, VersionNote note, CancellationToken cancellationToken)
    {
        var version = Of(written, new Dictionary<string, string>());
        try
        {
            var change = new KeyValueMetadataChange { CustomMetadata = VaultNotes.Changes(written.Number, note, current?.Metadata) };
            await WriteNoteAsync(path, change, cancellationToken);
            return version with { Note = note };
        }
        catch (VaultException exception)
        {
            LogNotNoted(logger, path, version.Id, exception.Message);
            return version;
        }
    }

    // Without PATCH all custom metadata is read and written again; what another client changes in between is lost, for metadata has no check-and-set.
    private async Task WriteNoteAsync(string path, KeyValueMetadataChange change, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.PatchMetadataAsync(path, change, cancellationToken);
        }
        catch (VaultException exception) when (exception.Fault is VaultFault.PatchUnknown)
        {
            var custom = (await _engine.ReadMetadataAsync(path, cancellationToken))?.CustomMetadata ?? new Dictionary<string, string>();
            await _engine.WriteMetadataAsync(path, new KeyValueMetadataChange { CustomMetadata = VaultNotes.Merge(custom, change.CustomMetadata!) }, cancellationToken);
        }
    }
}
