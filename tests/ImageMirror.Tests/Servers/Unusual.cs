using System.Text;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>Images of rarer kinds, pushed by plain HTTP.</summary>
internal static class Unusual
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string Config = "application/vnd.oci.image.config.v1+json";

    public static TestBlob Json(string json, string mediaType) => new(Encoding.UTF8.GetBytes(json), mediaType);

    /// <summary>A configuration that names a platform.</summary>
    public static TestBlob ConfigOf(string architecture, string seed = "") =>
        Json($$"""{"os":"linux","architecture":"{{architecture}}","config":{"Cmd":["{{seed}}"]},"rootfs":{"type":"layers","diff_ids":[]} }""", Config);

    /// <summary>A manifest without an index.</summary>
    public static async Task<TestBlob> PushSingleAsync(Uri registry, string repository, string tag, string architecture)
    {
        using var http = new HttpClient { BaseAddress = registry };
        var config = ConfigOf(architecture, tag);
        var layer = TestImage.Layer(tag.Length, 300);
        await TestImages.PushBlobAsync(http, repository, config);
        await TestImages.PushBlobAsync(http, repository, layer);
        var manifest = Json($$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{config.Descriptor}},"layers":[{{layer.Descriptor}}]}""", Manifest);
        await TestImages.PushManifestAsync(http, repository, manifest, tag);
        return manifest;
    }

    /// <summary>An index with an attestation of platform unknown/unknown and an index within it; its image names a layer twice.</summary>
    public static async Task<TestBlob> PushAsync(Uri registry, string repository, string tag)
    {
        using var http = new HttpClient { BaseAddress = registry };
        var config = ConfigOf("amd64", repository);
        var layer = TestImage.Layer(900, 300);
        await TestImages.PushBlobAsync(http, repository, config);
        await TestImages.PushBlobAsync(http, repository, layer);
        var image = Json($$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{config.Descriptor}},"layers":[{{layer.Descriptor}},{{layer.Descriptor}}]}""", Manifest);
        var attestation = Json($$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{config.Descriptor}},"layers":[{{layer.Descriptor}}]}""", Manifest);
        var inner = Json($$"""{"schemaVersion":2,"mediaType":"{{Index}}","manifests":[{{{image.DescriptorMembers}},"platform":{"os":"linux","architecture":"amd64"} }]}""", Index);
        var outer = Json(
            $$"""{"schemaVersion":2,"mediaType":"{{Index}}","manifests":[{{inner.Descriptor}},{{{attestation.DescriptorMembers}},"platform":{"os":"unknown","architecture":"unknown"},"annotations":{"vnd.docker.reference.type":"attestation-manifest"} }]}""", Index);
        foreach (var manifest in new[] { image, attestation, inner })
        {
            await TestImages.PushManifestAsync(http, repository, manifest, manifest.Digest);
        }

        await TestImages.PushManifestAsync(http, repository, outer, tag);
        return outer;
    }

    /// <summary>A Docker manifest list of Docker manifests.</summary>
    public static async Task<TestBlob> PushDockerListAsync(Uri registry, string repository, string tag)
    {
        using var http = new HttpClient { BaseAddress = registry };
        var entries = new List<string>();
        foreach (var architecture in new[] { "amd64", "arm64", "s390x" })
        {
            var config = ConfigOf(architecture) with { MediaType = "application/vnd.docker.container.image.v1+json" };
            var layer = TestImage.Layer(architecture.Length, 200) with { MediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip" };
            await TestImages.PushBlobAsync(http, repository, config);
            await TestImages.PushBlobAsync(http, repository, layer);
            var manifest = Json($$"""{"schemaVersion":2,"mediaType":"{{DockerManifest}}","config":{{config.Descriptor}},"layers":[{{layer.Descriptor}}]}""", DockerManifest);
            await TestImages.PushManifestAsync(http, repository, manifest, manifest.Digest);
            entries.Add($$"""{{{manifest.DescriptorMembers}},"platform":{"architecture":"{{architecture}}","os":"linux"} }""");
        }

        var list = Json($$"""{"schemaVersion":2,"mediaType":"{{DockerList}}","manifests":[{{string.Join(',', entries)}}]}""", DockerList);
        await TestImages.PushManifestAsync(http, repository, list, tag);
        return list;
    }
}
