using System.Net.Http.Headers;

namespace Ebb.TestServers.Registry;

/// <summary>Puts images into registries by plain HTTP, apart from any code under test.</summary>
public static class TestImages
{
    /// <summary>Pushes an image under tags. <paramref name="registry"/> is such as <c>http://127.0.0.1:5000/</c>.</summary>
    public static async Task PushAsync(
        Uri registry, string repository, TestImage image, IEnumerable<string> tags, AuthenticationHeaderValue? authorization = null)
    {
        using var http = new HttpClient { BaseAddress = registry };
        http.DefaultRequestHeaders.Authorization = authorization;
        foreach (var blob in image.Blobs)
        {
            await PushBlobAsync(http, repository, blob);
        }

        foreach (var manifest in image.Manifests)
        {
            await PushManifestAsync(http, repository, manifest, manifest.Digest);
        }

        foreach (var tag in tags)
        {
            await PushManifestAsync(http, repository, image.Index, tag);
        }
    }

    /// <summary>Pushes a blob that is not there yet.</summary>
    public static async Task PushBlobAsync(HttpClient http, string repository, TestBlob blob)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/v2/{repository}/blobs/{blob.Digest}");
        using var found = await http.SendAsync(head);
        if (found.IsSuccessStatusCode)
        {
            return;
        }

        using var start = await http.PostAsync($"/v2/{repository}/blobs/uploads/", null);
        start.EnsureSuccessStatusCode();
        var location = new Uri(http.BaseAddress!, start.Headers.Location!).ToString();
        using var content = new ByteArrayContent(blob.Content);
        content.Headers.ContentType = new("application/octet-stream");
        using var end = await http.PutAsync($"{location}{(location.Contains('?') ? '&' : '?')}digest={blob.Digest}", content);
        end.EnsureSuccessStatusCode();
    }

    /// <summary>Pushes a manifest under a tag or digest.</summary>
    public static async Task PushManifestAsync(HttpClient http, string repository, TestBlob manifest, string reference)
    {
        using var content = new ByteArrayContent(manifest.Content);
        content.Headers.ContentType = new(manifest.MediaType);
        using var response = await http.PutAsync($"/v2/{repository}/manifests/{reference}", content);
        response.EnsureSuccessStatusCode();
    }
}
