using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>
/// Azure Key Vault: one secret for an application and environment, a JSON object of its keys and values. Key Vault has no check-and-set; see
/// <see cref="KeyVaultWriter"/> for what stands in for it.
/// </summary>
public sealed class KeyVaultSecretStore(SecretClient client, KeyVaultNaming naming, ILogger<KeyVaultSecretStore> logger) : ISecretStore
{
    private const int MaxValueBytes = 25_600;
    private readonly KeyVaultWriter _writer = new(client, logger);

    /// <summary>The store that the options name. Nothing is sent yet.</summary>
    public static KeyVaultSecretStore Create(KeyVaultOptions options, ILogger<KeyVaultSecretStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new KeyVaultSecretStore(KeyVaultClients.Create(options), options.Naming, logger);
    }

    public string Description { get; } = $"Key Vault {client.VaultUri.Host}";

    public Task<StoredSecret?> ReadAsync(SecretPlace place, CancellationToken cancellationToken) => ReadAsync(place, version: null, cancellationToken);

    public Task<StoredSecret?> ReadAsync(SecretPlace place, string? version, CancellationToken cancellationToken)
    {
        var name = naming.NameOf(place);
        return GuardAsync($"a read of {name}", () => ReadAsync(name, version, cancellationToken));
    }

    public Task<IReadOnlyList<StoredVersion>> VersionsAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        var name = naming.NameOf(place);
        return GuardAsync<IReadOnlyList<StoredVersion>>($"the versions of {name}", async () =>
            [.. (await _writer.VersionsAsync(name, cancellationToken)).Select(KeyVaultAnswers.ToVersion).OrderByDescending(version => version.Created)]);
    }

    public Task<StoredVersion> ChangeAsync(
        SecretPlace place, StoredSecret? current, IReadOnlyDictionary<string, string?> changes, VersionNote note, CancellationToken cancellationToken)
    {
        var name = naming.NameOf(place);
        return GuardAsync($"a change of {name}", async () =>
        {
            var before = await UnchangedAsync(name, current, cancellationToken);
            return await _writer.WriteAsync(name, before, current, values => Checked(name, values.With(changes)), note, cancellationToken);
        });
    }

    public Task<StoredVersion> RestoreAsync(
        SecretPlace place, StoredSecret current, StoredSecret earlier, VersionNote note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(earlier);
        var values = earlier.Values ?? throw new ArgumentException($"The version {earlier.Version.Id} is disabled and cannot be restored.", nameof(earlier));
        var name = naming.NameOf(place);
        return GuardAsync($"a restore of {name}", async () =>
        {
            var before = await UnchangedAsync(name, current, cancellationToken);
            return await _writer.WriteAsync(name, before, current, _ => values, note, cancellationToken);
        });
    }

    public async Task<IReadOnlyList<string>> ApplicationsAsync(CancellationToken cancellationToken) =>
        [.. (await PlacesAsync(cancellationToken)).Select(place => place.Application).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public async Task<IReadOnlyList<string>> EnvironmentsAsync(string application, CancellationToken cancellationToken) =>
        [.. (await PlacesAsync(cancellationToken)).Where(place => place.Application == application).Select(place => place.Environment).Order(StringComparer.Ordinal)];

    private static KeyValueData Checked(string name, KeyValueData values) => Encoding.UTF8.GetByteCount(KeyVaultAnswers.Text(values)) <= MaxValueBytes
        ? values
        : throw new SecretStoreException($"The values of {name} would have more than {MaxValueBytes} bytes, the most that Key Vault keeps in a secret.", SecretStoreFault.TooLarge);

    private Task<IReadOnlyList<SecretPlace>> PlacesAsync(CancellationToken cancellationToken) => GuardAsync<IReadOnlyList<SecretPlace>>("a list of secrets", async () =>
    {
        var places = new List<SecretPlace>();
        await foreach (var secret in client.GetPropertiesOfSecretsAsync(cancellationToken))
        {
            if (naming.TryPlace(secret.Name, out var place))
            {
                places.Add(place);
            }
        }

        return places;
    });

    private async Task<StoredSecret?> ReadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        try
        {
            return KeyVaultAnswers.ToSecret(await client.GetSecretAsync(name, version, cancellationToken: cancellationToken));
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 403)
        {
            if (await DisabledAsync(name, version, cancellationToken) is not { } disabled)
            {
                throw;
            }

            return new StoredSecret(KeyVaultAnswers.ToVersion(disabled), null) { Metadata = new Dictionary<string, string>(disabled.Tags) };
        }
    }

    // A disabled version may not be read by anybody. Times are whole seconds, so that several may be the newest.
    private async Task<SecretProperties?> DisabledAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var versions = await _writer.VersionsAsync(name, cancellationToken);
        var newest = versions.Max(properties => properties.CreatedOn);
        return versions.FirstOrDefault(properties => properties.Enabled is false && (version is null ? properties.CreatedOn == newest : properties.Version == version));
    }

    // The list comes first: when the newest is still what was read after it, everything on the list is older.
    private async Task<IReadOnlySet<string>> UnchangedAsync(string name, StoredSecret? current, CancellationToken cancellationToken)
    {
        var before = (await _writer.VersionsAsync(name, cancellationToken)).Select(properties => properties.Version).ToHashSet(StringComparer.Ordinal);
        var newest = await ReadAsync(name, version: null, cancellationToken);
        return newest?.Version.Id == current?.Version.Id
            ? before
            : throw new SecretStoreException($"{name} has another version than was read. Read it again.", SecretStoreFault.Conflict);
    }

    private Task<T> GuardAsync<T>(string what, Func<Task<T>> action) => KeyVaultFaults.GuardAsync(Description, what, action);
}
