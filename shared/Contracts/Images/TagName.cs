using System.Text.RegularExpressions;

namespace Ebb.Contracts.Images;

/// <summary>Tags (OCI distribution-spec v1.1.1, Pulling manifests).</summary>
public static partial class TagName
{
    /// <summary>True when the text is a valid tag.</summary>
    public static bool IsValid(string text) => Valid().IsMatch(text);

    /// <summary>
    /// True when the tag belongs to signatures and referrers: <c>sha256-…</c> with or without <c>.sig</c>, <c>.att</c> or
    /// another ending (cosign's tag scheme; OCI distribution-spec v1.1.1, Referrers Tag Schema).
    /// </summary>
    public static bool IsReserved(string tag) => Reserved().IsMatch(tag);

    [GeneratedRegex("\\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();

    [GeneratedRegex("\\Asha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,})", RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
