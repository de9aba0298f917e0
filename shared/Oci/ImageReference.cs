using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.Oci;

/// <summary>
/// Names an image: <c>registry/repository[:tag][@digest]</c>. A name without a registry is Docker Hub's, as Docker reads it.
/// Grammar: OCI distribution-spec v1.1.1, Pulling manifests; registry and repository together at most 255 characters.
/// </summary>
public sealed partial record ImageReference
{
    /// <summary>Docker Hub's name in references.</summary>
    public const string DockerHub = "docker.io";

    private const int MaxNameLength = 255;

    private ImageReference(string registry, string repository)
    {
        Registry = registry;
        Repository = repository;
    }

    /// <summary>Host and port: <c>docker.io</c>, <c>127.0.0.1:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The repository: <c>library/alpine</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, if one is given.</summary>
    public string? Tag { get; init; }

    /// <summary>The digest, if one is given.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Registry and repository: <c>docker.io/library/alpine</c>.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Reads a reference; on failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? problem)
    {
        reference = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "An image reference is empty; write one such as docker.io/library/alpine:3.21.";
            return false;
        }

        var (rest, digestText) = Cut(text, text.IndexOf('@'));
        var (name, tag) = Cut(rest, rest.LastIndexOf(':') is var colon && colon > rest.LastIndexOf('/') ? colon : -1);
        var (registry, repository) = SplitRegistry(name);
        Digest digest = default;
        problem = FindProblem(registry, repository)
            ?? (tag is null || IsTag(tag) ? null : $"the tag '{Shorten(tag)}' is not at most 128 letters, digits, '_', '.' and '-', beginning with none of '.' and '-'")
            ?? (digestText is null || Oci.Digest.TryParse(digestText, out digest) ? null : $"'{Shorten(digestText)}' is not a digest such as sha256:<64 hexadecimal digits>");
        if (problem is not null)
        {
            problem = $"'{Shorten(text)}' is no image reference: {problem}.";
            return false;
        }

        reference = new ImageReference(registry, repository) { Tag = tag, Digest = digestText is null ? null : digest };
        return true;
    }

    /// <summary>Reads a reference.</summary>
    /// <exception cref="OciFormatException">The text is no reference.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var problem) ? reference : throw new OciFormatException(problem);

    /// <summary>True when the text is a valid tag: at most 128 characters of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, not beginning with <c>.</c> or <c>-</c>.</summary>
    public static bool IsTag(string text) => text is not null && TagPattern().IsMatch(text);

    /// <summary>True when the text is a valid repository name, such as <c>library/alpine</c>.</summary>
    public static bool IsRepository(string text) => text is not null && text.Length <= MaxNameLength && RepositoryPattern().IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    private static (string Registry, string Repository) SplitRegistry(string name)
    {
        var (first, rest) = Cut(name, name.IndexOf('/'));
        if (rest is null || !(first.Contains('.') || first.Contains(':') || first == "localhost") || first is "." or "..")
        {
            return (DockerHub, rest is null ? "library/" + name : name);
        }

        // The old name of Docker Hub's index still stands in many lists.
        return first is "index.docker.io" or "registry-1.docker.io" or DockerHub
            ? (DockerHub, rest.Contains('/') ? rest : "library/" + rest)
            : (first, rest);
    }

    private static string? FindProblem(string registry, string repository)
    {
        if (!RegistryPattern().IsMatch(registry))
        {
            return $"'{Shorten(registry)}' is not a registry's host name, with :port where needed";
        }

        if (registry.Length + 1 + repository.Length > MaxNameLength)
        {
            return $"registry and repository have {registry.Length + 1 + repository.Length} characters, at most {MaxNameLength} are allowed";
        }

        if (RepositoryPattern().IsMatch(repository))
        {
            return null;
        }

        var upper = repository.Any(char.IsAsciiLetterUpper) ? "; upper case is not allowed" : "";
        return $"the repository '{Shorten(repository)}' is not made of lower-case letters and digits, with single '.', '_' or '__', or '-' between them and '/' between the parts{upper}";
    }

    private static (string Head, string? Tail) Cut(string text, int at) => at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagPattern();
}
