using System.Text;

namespace Ebb.TestServers.Registry;

/// <summary>An OCI image for several platforms, made of seeded bytes: the same arguments give the same digests.</summary>
public sealed record TestImage(TestBlob Index, IReadOnlyList<TestBlob> Manifests, IReadOnlyList<TestBlob> Blobs)
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>
    /// Makes an image. Each platform has one layer for each of <paramref name="layerBytes"/>; layers of the same seed and
    /// length are the same in all images. <paramref name="sharedSeed"/> adds one layer of 4 KiB that all platforms share.
    /// </summary>
    public static TestImage Create(int seed, string[]? architectures = null, int[]? layerBytes = null, int? sharedSeed = null)
    {
        var blobs = new List<TestBlob>();
        var manifests = new List<TestBlob>();
        var entries = new List<string>();
        foreach (var architecture in architectures ?? ["amd64", "arm64"])
        {
            var layers = (layerBytes ?? [1000, 70_000]).Select((bytes, i) => Layer(HashSeed(seed, architecture, i), bytes)).ToList();
            if (sharedSeed is { } shared)
            {
                layers.Add(Layer(shared, 4096));
            }

            var config = new TestBlob(Encoding.UTF8.GetBytes(
                $$"""{"architecture":"{{architecture}}","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[{{string.Join(',', layers.Select(l => $"\"{l.Digest}\""))}}]} }"""), ConfigType);
            var manifest = Manifest(config, layers);
            blobs.AddRange([config, .. layers]);
            manifests.Add(manifest);
            entries.Add($$"""{{{manifest.DescriptorMembers}},"platform":{"os":"linux","architecture":"{{architecture}}"} }""");
        }

        var index = new TestBlob(Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', entries)}}]}"""), IndexType);
        return new TestImage(index, manifests, [.. blobs.DistinctBy(b => b.Digest)]);
    }

    /// <summary>A layer of seeded bytes.</summary>
    public static TestBlob Layer(int seed, int bytes)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return new TestBlob(content, LayerType);
    }

    private static TestBlob Manifest(TestBlob config, List<TestBlob> layers) => new(
        Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{{config.Descriptor}},"layers":[{{string.Join(',', layers.Select(l => l.Descriptor))}}]}"""),
        ManifestType);

    private static int HashSeed(int seed, string architecture, int layer) =>
        architecture.Aggregate((seed * 31) + layer, (hash, c) => (hash * 31) + c);
}
