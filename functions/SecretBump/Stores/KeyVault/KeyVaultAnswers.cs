using System.Text;
using Azure.Security.KeyVault.Secrets;
using Ebb.Vault.KeyValue;

namespace Ebb.SecretBump.Stores.KeyVault;

/// <summary>Makes the store's types of Azure's.</summary>
internal static class KeyVaultAnswers
{
    public static StoredSecret ToSecret(KeyVaultSecret secret) => KeyValueData.TryParse(Encoding.UTF8.GetBytes(secret.Value), out var values)
        ? new StoredSecret(ToVersion(secret.Properties), values) { Metadata = new Dictionary<string, string>(secret.Properties.Tags) }
        : throw new SecretStoreException(
            $"The secret {secret.Name}, version {secret.Properties.Version}, is no JSON object of keys and values and is left alone. Write it as one, such as {{\"METADATA_TAG\":\"1.0.0\"}}.",
            SecretStoreFault.Other);

    public static StoredVersion ToVersion(SecretProperties properties) => new(
        properties.Version,
        properties.CreatedOn ?? DateTimeOffset.MinValue,
        properties.Enabled is false ? VersionState.Deleted : VersionState.Readable,
        KeyVaultTags.NoteOf(properties.Tags));

    public static string Text(KeyValueData values) => Encoding.UTF8.GetString(values.ToJson().Span);
}
