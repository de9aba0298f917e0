using System.Text;
using System.Text.RegularExpressions;

namespace Ebb.Http;

/// <summary>Takes secrets out of what people get to read.</summary>
public static partial class Redaction
{
    private const string Removed = "[removed]";
    private const int MaxTextLength = 500;

    private static readonly HashSet<string> PlainQueryNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "artifactType", "digest", "from", "last", "limit", "list", "mount", "n", "page", "page_size", "project_name", "scope", "service",
    };

    /// <summary>A URL without user information and with the values of only those query parameters that are known to be harmless.</summary>
    public static string Url(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri)
        {
            return Url(new Uri(new Uri("relative://x/"), uri)).Replace("relative://x", "", StringComparison.Ordinal);
        }

        var text = new StringBuilder($"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}");
        var separator = '?';
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = parameter.Split('=', 2)[0];
            text.Append(separator).Append(PlainQueryNames.Contains(name) ? parameter : $"{name}={Removed}");
            separator = '&';
        }

        return text.ToString();
    }

    /// <summary>A server's own words, made fit for a message: one line, at most 500 characters, nothing that looks like a token or password.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = string.Create(Math.Min(text.Length, 4 * MaxTextLength), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        line = UserInformation().Replace(Tokens().Replace(line, Removed), "://" + Removed + "@");
        line = NamedSecrets().Replace(line, match => match.Groups["name"].Value + Removed);
        return line.Length <= MaxTextLength ? line : line[..MaxTextLength] + "…";
    }

    [GeneratedRegex("""(?:Bearer|Basic|Token)\s+[A-Za-z0-9\-._~+/]{8,}=*|eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*|\b(?:hv[sbr]\.|s\.|gh[pousr]_|glpat-|github_pat_|AKIA)[A-Za-z0-9_-]{12,}""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();

    [GeneratedRegex("://[^/@ ]{1,500}@", RegexOptions.NonBacktracking)]
    private static partial Regex UserInformation();

    [GeneratedRegex("""(?<name>(?:pass(?:word)?|secret|token|signature|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"'&,;]+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedSecrets();
}
