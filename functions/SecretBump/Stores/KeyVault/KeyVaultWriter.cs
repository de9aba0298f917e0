using Azure;
using Azure.Security.KeyVault.Secrets;
using Ebb.Vault.KeyValue;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>
/// Writes versions where there is no check-and-set. What was written between the look at the newest version and our write shows in the list
/// of versions afterwards; our changes are then made again on top of it, so that nobody's keys are lost. All versions are kept either way.
/// </summary>
internal sealed partial class KeyVaultWriter(SecretClient client, ILogger logger)
{
    private const int MaxAttempts = 3;
    private const string Json = "application/json";

    /// <param name="name">The secret.</param>
    /// <param name="before">Its versions when <paramref name="current"/> was the newest.</param>
    /// <param name="current">What was read; null: nothing was there.</param>
    /// <param name="change">Makes the values that are written of those that are there.</param>
    /// <param name="note">Who writes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<StoredVersion> WriteAsync(
        string name, IReadOnlySet<string> before, StoredSecret? current, Func<KeyValueData, KeyValueData> change, VersionNote note, CancellationToken cancellationToken)
    {
        var write = Guid.NewGuid().ToString("N");
        for (var attempt = 1; ; attempt++)
        {
            var written = await SetAsync(name, current, change(current?.Values ?? KeyValueData.Empty), note, write, cancellationToken);
            var overtaken = (await VersionsAsync(name, cancellationToken))
                .Where(version => !before.Contains(version.Version) && version.Version != written.Id && !(version.Tags.TryGetValue(KeyVaultTags.Write, out var writer) && writer == write))
                .ToList();
            if (overtaken.Count == 0 || await IsNewerAsync(name, written, cancellationToken))
            {
                return written;
            }

            var theirs = overtaken.MaxBy(version => version.CreatedOn)!;
            LogOvertaken(logger, name, theirs.Version, written.Id);
            if (attempt == MaxAttempts)
            {
                throw new SecretStoreException($"Others keep writing {name} at the same moment; the newest version of theirs is {theirs.Version}. Read it again.", SecretStoreFault.Conflict);
            }

            before = new HashSet<string>(before.Concat(overtaken.Select(version => version.Version)), StringComparer.Ordinal);
            current = theirs.Enabled is false ? null : KeyVaultAnswers.ToSecret(await client.GetSecretAsync(name, theirs.Version, cancellationToken: cancellationToken));
        }
    }

    /// <summary>All versions that are kept, in no order; none when there is no such secret.</summary>
    public async Task<IReadOnlyList<SecretProperties>> VersionsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var versions = new List<SecretProperties>();
            await foreach (var version in client.GetPropertiesOfSecretVersionsAsync(name, cancellationToken))
            {
                versions.Add(version);
            }

            return versions;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return [];
        }
    }

    // Who wrote after us may well have read ours; a later change stands.
    private async Task<bool> IsNewerAsync(string name, StoredVersion written, CancellationToken cancellationToken) =>
        (await client.GetSecretAsync(name, cancellationToken: cancellationToken)).Value.Properties.Version != written.Id;

    private async Task<StoredVersion> SetAsync(
        string name, StoredSecret? current, KeyValueData values, VersionNote note, string write, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(name, KeyVaultAnswers.Text(values)) { Properties = { ContentType = Json } };
        KeyVaultTags.Put(secret.Properties, current?.Metadata, note, write);
        var written = (await client.SetSecretAsync(secret, cancellationToken)).Value;
        return KeyVaultAnswers.ToVersion(written.Properties);
    }
}
