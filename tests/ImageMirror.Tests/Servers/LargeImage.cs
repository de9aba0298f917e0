using System.Net;
using System.Security.Cryptography;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>An image whose layer is larger than a test wants in memory.</summary>
internal static class LargeImage
{
    private static readonly byte[] Block = RandomNumberGenerator.GetBytes(1_000_000);

    /// <summary>Pushes it and returns its digest. <paramref name="size"/> is a multiple of a million.</summary>
    public static async Task<string> PushAsync(Uri registry, string repository, string tag, int size)
    {
        using var http = new HttpClient { BaseAddress = registry };
        var layer = await PushLayerAsync(http, repository, size);
        var config = Unusual.ConfigOf("amd64", tag);
        await TestImages.PushBlobAsync(http, repository, config);
        var manifest = Unusual.Json(
            $$"""{"schemaVersion":2,"mediaType":"{{Unusual.Manifest}}","config":{{config.Descriptor}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{layer}}","size":{{size}}}]}""", Unusual.Manifest);
        await TestImages.PushManifestAsync(http, repository, manifest, tag);
        return manifest.Digest;
    }

    private static async Task<string> PushLayerAsync(HttpClient http, string repository, int size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var sent = 0; sent < size; sent += Block.Length)
        {
            hash.AppendData(Block);
        }

        var digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        using var start = await http.PostAsync($"/v2/{repository}/blobs/uploads/", null);
        var location = new Uri(http.BaseAddress!, start.Headers.Location!).ToString();
        using var content = new RepeatedContent(size / Block.Length);
        content.Headers.ContentType = new("application/octet-stream");
        using var end = await http.PutAsync($"{location}{(location.Contains('?') ? '&' : '?')}digest={digest}", content);
        end.EnsureSuccessStatusCode();
        return digest;
    }

    private sealed class RepeatedContent(int times) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < times; i++)
            {
                await stream.WriteAsync(Block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)times * Block.Length;
            return true;
        }
    }
}
