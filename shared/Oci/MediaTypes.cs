namespace Ebb.Oci;

/// <summary>Media types of images (OCI image-spec v1.1.1, Media Types; Docker image manifest v2, schema 2).</summary>
public static class MediaTypes
{
    /// <summary>An OCI image index.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>An OCI image manifest.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An OCI image configuration.</summary>
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>The empty JSON object, <c>{}</c>.</summary>
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    /// <summary>A Docker manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>A Docker image manifest.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>True for an index or a manifest list.</summary>
    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerManifestList;

    /// <summary>True for Docker's manifest of before 2016 (image manifest v2, schema 1), which is only recognized, never read.</summary>
    public static bool IsSchema1(string mediaType) =>
        mediaType is not null && mediaType.StartsWith("application/vnd.docker.distribution.manifest.v1+", StringComparison.Ordinal);

    /// <summary>True for an image manifest of either kind.</summary>
    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;
}
