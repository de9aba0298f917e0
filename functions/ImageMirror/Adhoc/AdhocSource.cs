using System.Diagnostics.CodeAnalysis;
using Ebb.Oci;

namespace Ebb.ImageMirror.Adhoc;

/// <summary>
/// Where images outside the list may come from: one repository (<c>quay.io/team/tool</c>), or all below a path
/// (<c>quay.io/team/*</c>). The host is written out, so that a caller can have no other asked.
/// </summary>
public sealed record AdhocSource
{
    private const string Below = "/*";

    // The repository or path as it was written, canonical; empty for all of the host.
    private readonly string _path;
    private readonly bool _isPath;

    private AdhocSource(string host, string path, bool isPath) => (Host, _path, _isPath) = (host, path, isPath);

    /// <summary>The registry: host and port.</summary>
    public string Host { get; }

    /// <summary>Whether pulls use the credentials that the mirror has for the registry. Default false: they are anonymous.</summary>
    public bool Credentials { get; init; }

    /// <summary>Reads a pattern; on failure <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AdhocSource? source, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        source = null;
        var isPath = text.EndsWith(Below, StringComparison.Ordinal);
        var place = isPath ? text[..^Below.Length] : text;
        var host = place.Split('/')[0];
        // One more part makes a host alone readable as a reference, and is taken off again.
        if (!host.AsSpan().ContainsAny('.', ':') || !ImageReference.TryParse(isPath ? place + "/x" : place, out var reference, out _)
            || reference is not { Tag: null, Digest: null } || (!isPath && host == place))
        {
            problem = "write a host and a repository, such as quay.io/team/tool, or quay.io/team/* for all below a path; nothing else stands for something";
            return false;
        }

        problem = HostName.FindProblem(reference.Registry);
        if (problem is not null)
        {
            return false;
        }

        var path = isPath ? PathOf(place, reference.Repository) : reference.Repository;
        source = new AdhocSource(reference.Registry, path, isPath);
        return true;
    }

    /// <summary>Whether a repository is one of these.</summary>
    public bool Allows(ImageReference image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Registry.Equals(Host, StringComparison.OrdinalIgnoreCase)
            && (_isPath ? _path.Length == 0 || image.Repository.StartsWith(_path + "/", StringComparison.Ordinal) : image.Repository == _path);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}{(_path.Length == 0 ? "" : "/" + _path)}{(_isPath ? Below : "")}";

    // docker.io/* reads as docker.io/library/x: there the path is empty, as with every other host.
    private static string PathOf(string place, string repository) => place.Contains('/', StringComparison.Ordinal) ? repository[..^"/x".Length] : "";
}
