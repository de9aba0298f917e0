namespace Ebb.Oci;

/// <summary>Points at content (OCI image-spec v1.1.1, Content Descriptors).</summary>
public sealed record Descriptor
{
    /// <summary>The content's media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>The content's digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The content's length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>True when the descriptor says where else the content can be had (<c>urls</c>).</summary>
    public bool HasUrls { get; init; }

    /// <summary>The platform, in an index.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The type of an artifact, in a list of referrers.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Annotations; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}

/// <summary>A platform (OCI image-spec v1.1.1, Image Index).</summary>
/// <param name="Os">The operating system: <c>linux</c>.</param>
/// <param name="Architecture">The architecture: <c>amd64</c>.</param>
/// <param name="Variant">The variant: <c>v8</c>; null when there is none.</param>
public sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    /// <inheritdoc/>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
