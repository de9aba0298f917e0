using System.Text.RegularExpressions;
using Ebb.Oci.Auth;

namespace Ebb.Oci.Transport;

/// <summary>The next page of a list (RFC 8288; OCI distribution-spec v1.1.1, Content Discovery).</summary>
internal static partial class PageLink
{
    /// <summary>The greatest number of pages of one list.</summary>
    public const int MaxPages = 1000;

    /// <summary>The next page's address; null when this is the last.</summary>
    /// <exception cref="RegistryException">It is on another host, or the page itself.</exception>
    public static Uri? Next(RegistryCall call, HttpResponseMessage response)
    {
        var link = response.Headers.TryGetValues("Link", out var values)
            ? values.Select(v => NextLink().Match(v)).FirstOrDefault(m => m.Success)
            : null;
        if (link is null)
        {
            return null;
        }

        return !Uri.TryCreate(call.Uri, link.Groups["target"].Value, out var next) || !RealmPolicy.SameOrigin(call.Uri, next)
            ? throw Registry.Broken(call, "the list's next page is on another host, which is refused.", response)
            : next == call.Uri
                ? throw Registry.Broken(call, "the list's next page is the same page again.", response)
                : next;
    }

    [GeneratedRegex("""<(?<target>[^>]+)>\s*;[^,]*\brel\s*=\s*"?next\b""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NextLink();
}
