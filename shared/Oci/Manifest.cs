using Ebb.Oci.Manifests;

namespace Ebb.Oci;

/// <summary>A manifest or index: the exact bytes, and a view of them.</summary>
public sealed record Manifest
{
    /// <summary>The greatest length of a manifest in bytes: 4 MiB (OCI distribution-spec v1.1.1, Pushing Manifests).</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The exact bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The media type, digest and size of <see cref="Content"/>.</summary>
    public required Descriptor Descriptor { get; init; }

    /// <summary>The children, for an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    /// <summary>The configuration, for an image manifest.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>The layers, for an image manifest.</summary>
    public IReadOnlyList<Descriptor> Layers { get; init; } = [];

    /// <summary>What the manifest refers to, if it does.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>The artifact type, if it has one.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Annotations; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>True for an index or manifest list.</summary>
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>Reads a manifest. The media type is the content's own when it states one.</summary>
    /// <exception cref="OciFormatException">The content is no manifest, or its media type is not <paramref name="mediaType"/>.</exception>
    public static Manifest Parse(ReadOnlyMemory<byte> content, string mediaType) =>
        ManifestReader.Read(content, mediaType);
}
