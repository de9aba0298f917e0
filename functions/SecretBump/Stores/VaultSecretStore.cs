using System.Globalization;
using Ebb.Vault;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores;

/// <summary>Vault's and OpenBao's key-value engine, version 2.</summary>
public sealed partial class VaultSecretStore(VaultClient client, VaultStoreOptions options, TimeProvider time, ILogger<VaultSecretStore> logger) : ISecretStore
{
    private const int MaxNoteAttempts = 5;
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
            await WriteNoteAsync(path, written.Number, note, current?.Metadata, cancellationToken);
            return version with { Note = note };
        }
        catch (VaultException exception)
        {
            LogNotNoted(logger, path, version.Id, exception.Message);
            return version;
        }
    }

    private async Task WriteNoteAsync(string path, int version, VersionNote note, IReadOnlyDictionary<string, string>? custom, CancellationToken cancellationToken)
    {
        if (_engine.KnowsMetadataPatch)
        {
            try
            {
                await _engine.PatchMetadataAsync(path, new KeyValueMetadataChange { CustomMetadata = VaultNotes.Changes(version, note, custom) }, cancellationToken);
                return;
            }
            catch (VaultException exception) when (exception.Fault is VaultFault.PatchUnknown or VaultFault.CheckAndSetRequired)
            {
                // Then with what is there now.
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RewriteNoteAsync(path, version, note, cancellationToken);
                return;
            }
            catch (VaultException exception) when (exception.Fault is VaultFault.VersionConflict && attempt < MaxNoteAttempts)
            {
                // Somebody wrote metadata in between; theirs stays.
            }
            catch (VaultException exception) when (exception.Fault is VaultFault.PatchUnknown && attempt < MaxNoteAttempts)
            {
                // It is learnt, and not asked for again.
            }
        }
    }

    // Without PATCH all custom metadata is written again; where the server does not count its versions, what another client changes in between is lost.
    private async Task RewriteNoteAsync(string path, int version, VersionNote note, CancellationToken cancellationToken)
    {
        var metadata = await _engine.ReadMetadataAsync(path, cancellationToken);
        var custom = metadata?.CustomMetadata ?? new Dictionary<string, string>();
        var changes = VaultNotes.Changes(version, note, custom);
        var change = new KeyValueMetadataChange { CheckAndSet = metadata?.MetadataVersion };
        await (_engine.KnowsMetadataPatch
            ? _engine.PatchMetadataAsync(path, change with { CustomMetadata = changes }, cancellationToken)
            : _engine.WriteMetadataAsync(path, change with { CustomMetadata = VaultNotes.Merge(custom, changes) }, cancellationToken));
    }
}
