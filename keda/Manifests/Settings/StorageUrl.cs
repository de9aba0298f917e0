using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.Manifests.Settings;

/// <summary>
/// <c>Manifests:Storage</c>: the database with the user that owns the schema. Each app has a user of its own, named after that one.
/// </summary>
internal sealed partial record StorageUrl(string Scheme, string Owner, string Rest)
{
    public const string Form = "postgres://<owner>@<host>/<database>, the owner in lower-case letters, digits and _, such as postgres://ebb@ebb-postgres-rw:5432/ebb";

    public static bool TryParse(string text, [NotNullWhen(true)] out StorageUrl? parsed)
    {
        parsed = Url().Match(text) is { Success: true } url ? new(url.Groups["scheme"].Value, url.Groups["owner"].Value, url.Groups["rest"].Value) : null;
        return parsed is not null;
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static StorageUrl Parse(string text) => TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is not {Form}.");

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
