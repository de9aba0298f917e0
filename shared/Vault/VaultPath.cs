namespace Ebb.Vault;

/// <summary>A path below <c>/v1/</c>, each segment escaped.</summary>
internal static class VaultPath
{
    private const int MaxLength = 512;

    /// <summary>True for one or more segments, none of them empty, <c>.</c> or <c>..</c>, without control characters.</summary>
    public static bool IsValid(string path) =>
        path.Length is > 0 and <= MaxLength && !path.Any(char.IsControl) && path.Split('/').All(segment => segment is not ("" or "." or ".."));

    /// <summary>Joins paths.</summary>
    /// <exception cref="ArgumentException">A part is no valid path.</exception>
    public static string Join(params ReadOnlySpan<string> parts)
    {
        var escaped = new List<string>();
        foreach (var part in parts)
        {
            if (!IsValid(part))
            {
                throw new ArgumentException($"'{part}' is no path in Vault: no segment may be empty, '.' or '..'.", nameof(parts));
            }

            escaped.AddRange(part.Split('/').Select(Uri.EscapeDataString));
        }

        return string.Join('/', escaped);
    }
}
