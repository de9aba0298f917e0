using System.Diagnostics.CodeAnalysis;

namespace Ebb.Oci;

/// <summary>
/// Names an image: <c>registry/repository[:tag][@digest]</c>. A name without a registry is Docker Hub's, as Docker reads it.
/// Grammar: OCI distribution-spec v1.1.1, Pulling manifests; registry and repository together at most 255 characters.
/// </summary>
public sealed record ImageReference
{
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
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? problem) =>
        throw new NotSupportedException("filled in by Oci: {nameof(ImageReference)}" + new ImageReference("", ""));

    /// <summary>Reads a reference.</summary>
    /// <exception cref="OciFormatException">The text is no reference.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var problem) ? reference : throw new OciFormatException(problem);

    /// <summary>True when the text is a valid tag: at most 128 characters of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, not beginning with <c>.</c> or <c>-</c>.</summary>
    public static bool IsTag(string text) => throw new NotSupportedException("filled in by Oci");

    /// <inheritdoc/>
    public override string ToString() => $"{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
