using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.Contracts.Images;

/// <summary>
/// What an image list may name as a source: a repository, optionally with its registry and with the approved digest, but
/// no tag. Grammar: OCI distribution-spec v1.1.1, Pulling manifests.
/// </summary>
public sealed partial record SourceName
{
    // Clients limit registry and repository together to 255 characters (OCI distribution-spec v1.1.1, Pulling manifests).
    private const int MaxLength = 255;

    private SourceName(string name, string? digest)
    {
        Name = name;
        Digest = digest;
    }

    /// <summary>Registry and repository as written.</summary>
    public string Name { get; }

    /// <summary>The approved digest; null when none is given.</summary>
    public string? Digest { get; }

    /// <summary>The repository's last segment.</summary>
    public string LastSegment => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Reads a source; on failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SourceName? source, [NotNullWhen(false)] out string? problem)
    {
        var at = text.IndexOf('@');
        var (name, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var lastSegment = name[(name.LastIndexOf('/') + 1)..];
        problem = name switch
        {
            _ when digest is not null && !DigestPattern().IsMatch(digest) => "what follows @ must be sha256: and 64 lower-case hexadecimal digits",
            { Length: > MaxLength } => $"registry and repository together have at most {MaxLength} characters",
            _ when lastSegment.Contains(':') => "a source has no tag; name it under tags",
            _ when name.Any(char.IsAsciiLetterUpper) && !NamePattern().IsMatch(name) => "a repository is written in lower case",
            _ when !NamePattern().IsMatch(name) => "a source looks like docker.io/library/alpine",
            _ => null,
        };
        source = problem is null ? new SourceName(name, digest) : null;
        return source is not null;
    }

    /// <summary>True when the text names a repository without a registry: <c>nginx-chainguard</c>, <c>base/nginx</c>.</summary>
    public static bool IsRepository(string text) => text.Length <= MaxLength && RepositoryPattern().IsMatch(text);

    /// <summary>True when the text names a registry, alone or with a path: <c>harbor.example.com/library</c>.</summary>
    public static bool IsTarget(string text) => text.Length <= MaxLength && TargetPattern().IsMatch(text);

    private const string Component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private const string Repository = Component + "(?:/" + Component + ")*";
    private const string Port = "(?::[0-9]{1,5})?";

    // The first segment is a registry when it has a dot or port or is localhost, as Docker reads names.
    private const string Registry = "(?:localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:))" + Port;

    [GeneratedRegex("\\A(?:" + Registry + "/)?" + Repository + "\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex("\\A" + Repository + "\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex("\\A" + Registry + "(?:/" + Repository + ")?\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TargetPattern();

    [GeneratedRegex("\\A(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestPattern();
}
