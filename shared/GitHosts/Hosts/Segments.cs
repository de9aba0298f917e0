using Ebb.Contracts.PullRequests;

namespace Ebb.GitHosts.Hosts;

/// <summary>Puts names into paths: each segment escaped, none of them empty, <c>.</c> or <c>..</c>.</summary>
internal static class Segments
{
    /// <exception cref="ArgumentException">The path would leave its place.</exception>
    public static string Escape(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var segments = path.Split('/');
        return segments.All(segment => segment.Length > 0 && segment is not ("." or ".."))
            ? string.Join('/', segments.Select(Uri.EscapeDataString))
            : throw new ArgumentException("A path has no empty, . or .. segments.", nameof(path));
    }

    /// <summary><c>owner/name</c>, escaped.</summary>
    /// <exception cref="ArgumentException">The repository is not valid, or has another number of segments.</exception>
    public static (string Owner, string Name) OwnerAndName(GitRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.IsValid && repository.FullName.Split('/') is [var owner, var name]
            ? (Uri.EscapeDataString(owner), Uri.EscapeDataString(name))
            : throw new ArgumentException($"'{Http.Redaction.Text(repository.FullName)}' is no repository of the form owner/name.", nameof(repository));
    }

    /// <summary>The repository's id, where the host takes it in paths.</summary>
    /// <exception cref="ArgumentException">The repository is not valid.</exception>
    public static string Id(GitRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.IsValid ? repository.Id : throw new ArgumentException("The repository is not valid.", nameof(repository));
    }

    /// <summary>One line of at most <paramref name="max"/> characters, not cut within a pair of surrogates.</summary>
    public static string Cut(string text, int max)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= max ? line : line[..(char.IsHighSurrogate(line[max - 2]) ? max - 2 : max - 1)] + "…";
    }
}
