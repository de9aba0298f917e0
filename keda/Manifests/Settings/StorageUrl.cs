using System.Text.RegularExpressions;

namespace Ebb.Manifests.Settings;

/// <summary>
/// <c>Manifests:Storage</c>: the database with the user that owns the schema. Each app has a user of its own, named after that one.
/// </summary>
internal sealed partial record StorageUrl(string Scheme, string Owner, string Rest)
{
    public static StorageUrl Parse(string key, string text, List<string> problems)
    {
        if (Url().Match(text) is { Success: true } url)
        {
            return new(url.Groups["scheme"].Value, url.Groups["owner"].Value, url.Groups["rest"].Value);
        }

        problems.Add($"{key} is '{text}'; it must be postgres://<owner>@<host>/<database>, the owner in lower-case letters, digits and _, such as postgres://ebb@ebb-postgres-rw:5432/ebb.");
        return new("postgres://", "ebb", "@");
    }

    /// <summary>The database's user for a workload.</summary>
    public string UserOf(string workload) => $"{Owner}_{workload.Replace('-', '_')}";

    /// <summary>The setting of the one who prepares the schema.</summary>
    public string ForOwner => Scheme + Owner + Rest;

    /// <summary>The setting of a workload.</summary>
    public string For(string workload) => Scheme + UserOf(workload) + Rest;

    // A password is refused elsewhere, in words that do not repeat it.
    [GeneratedRegex(@"\A(?<scheme>postgres(ql)?://)(?<owner>[a-z_][a-z0-9_]{0,30})(?<rest>(:[^@/]*)?@[^@]+)\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Url();
}
