using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Ebb.Oci.Auth;

/// <summary>What a registry asks for with 401 (RFC 9110, section 11.6.1; distribution's token authentication specification).</summary>
/// <param name="Scheme"><c>Basic</c> or <c>Bearer</c>.</param>
/// <param name="Realm">The token server's address, for Bearer.</param>
/// <param name="Service">The service to name there.</param>
internal sealed partial record Challenge(string Scheme, string? Realm, string? Service)
{
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    /// <summary>The challenge to answer, Bearer before Basic; null when there is none that could be.</summary>
    public static Challenge? Select(HttpResponseHeaders headers)
    {
        Challenge? basic = null;
        foreach (var header in headers.WwwAuthenticate)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return new Challenge("Bearer", Parameter(header.Parameter, "realm"), Parameter(header.Parameter, "service"));
            }

            basic ??= header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? new Challenge("Basic", null, null) : null;
        }

        return basic;
    }

    private static string? Parameter(string? parameters, string name) =>
        Parameters().Matches(parameters ?? "")
            .Where(match => match.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(match => match.Groups["quoted"] is { Success: true } quoted ? quoted.Value.Replace("\\", "", StringComparison.Ordinal) : match.Groups["plain"].Value)
            .FirstOrDefault();

    [GeneratedRegex("""(?<name>[A-Za-z_]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s",]+))""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameters();
}
