using System.Text;

namespace Ebb.Vault.KeyValue;

/// <summary>The limits of custom metadata (Vault API, KV v2, Create or update metadata), checked before anything is sent.</summary>
internal static class KeyValueMetadataRules
{
    public static void Check(KeyValueMetadataChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var problems = Problems(change).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(change));
        }
    }

    private static IEnumerable<string> Problems(KeyValueMetadataChange change)
    {
        if (change.MaxVersions < 0)
        {
            yield return $"MaxVersions is {change.MaxVersions}; it is 0 or more.";
        }

        if (change.CustomMetadata is not { } custom)
        {
            yield break;
        }

        if (custom.Count > KeyValueMetadataChange.MaxCustomKeys)
        {
            yield return $"Custom metadata has {custom.Count} keys; Vault takes at most {KeyValueMetadataChange.MaxCustomKeys}.";
        }

        foreach (var problem in custom.SelectMany(pair => Problems(pair.Key, pair.Value)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Problems(string key, string? value)
    {
        if (Encoding.UTF8.GetByteCount(key) is < 1 or > KeyValueMetadataChange.MaxCustomKeyBytes || key.Any(char.IsControl))
        {
            yield return $"A key of custom metadata has 1 to {KeyValueMetadataChange.MaxCustomKeyBytes} bytes and no control characters; one has {Encoding.UTF8.GetByteCount(key)} bytes.";
        }
        else if (value is not null && (Encoding.UTF8.GetByteCount(value) is < 1 or > KeyValueMetadataChange.MaxCustomValueBytes || value.Any(char.IsControl)))
        {
            yield return $"The custom metadata {key} has {Encoding.UTF8.GetByteCount(value)} bytes; Vault takes 1 to {KeyValueMetadataChange.MaxCustomValueBytes} and no control characters.";
        }
    }
}
