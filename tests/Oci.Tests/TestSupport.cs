using Ebb.Http;
using Ebb.TestServers.Registry;

namespace Ebb.Oci.Tests;

internal static class TestSupport
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static string NewRepository() => $"tests/{Guid.NewGuid():n}";

    public static RegistriesOptions Quick { get; } = new()
    {
        Resilience = new ResilienceOptions { BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) },
    };

    public static Descriptor ToDescriptor(this TestBlob blob) =>
        new() { MediaType = blob.MediaType, Digest = Digest.Parse(blob.Digest), Size = blob.Content.Length };

    public static Func<long, CancellationToken, Task<Stream>> ToSource(this TestBlob blob) =>
        (offset, _) => Task.FromResult<Stream>(new MemoryStream(blob.Content, (int)offset, blob.Content.Length - (int)offset, writable: false));

    public static Manifest ToManifest(this TestBlob blob) => Manifest.Parse(blob.Content, blob.MediaType);

    public static async Task PushAsync(RegistryClient client, string repository, TestImage image, string tag)
    {
        foreach (var blob in image.Blobs)
        {
            await client.UploadBlobAsync(repository, blob.ToDescriptor(), blob.ToSource(), Token);
        }

        foreach (var manifest in image.Manifests)
        {
            await client.PutManifestAsync(repository, manifest.Digest, manifest.ToManifest(), Token);
        }

        await client.PutManifestAsync(repository, tag, image.Index.ToManifest(), Token);
    }

    public static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        await using (stream)
        {
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, Token);
            return memory.ToArray();
        }
    }
}
