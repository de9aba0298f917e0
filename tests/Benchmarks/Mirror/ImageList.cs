using System.Text.Json;

namespace Ebb.Benchmarks.Mirror;

/// <summary>The tags that the source registry holds.</summary>
internal sealed record ImageList(IReadOnlyList<(string Repository, string Tag)> Tags)
{
    public static async Task<ImageList> ReadAsync(string registry)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{registry}/v2/") };
        var tags = new List<(string, string)>();
        foreach (var repository in await StringsAsync(client, "_catalog?n=1000", "repositories"))
        {
            tags.AddRange((await StringsAsync(client, $"{repository}/tags/list", "tags")).Select(tag => (repository, tag)));
        }

        return new ImageList(tags);
    }

    /// <summary>The list as Ebb reads it; the peers keep the repository names, so does this.</summary>
    public string ToYaml(string source, string target) =>
        $"target: {target}\nimages:\n" + string.Concat(Tags.Select(tag =>
            $"  - source: {source}/{tag.Repository}\n    name: {tag.Repository}\n    tags: [\"{tag.Tag}\"]\n"));

    /// <summary>The digest each tag has in a registry.</summary>
    public async Task<IReadOnlyList<string>> DigestsAsync(string registry)
    {
        using var client = new HttpClient();
        var digests = new List<string>();
        foreach (var (repository, tag) in Tags)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{registry}/v2/{repository}/manifests/{tag}");
            request.Headers.TryAddWithoutValidation("Accept", "application/vnd.oci.image.index.v1+json");
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            digests.Add(answer.Headers.GetValues("Docker-Content-Digest").Single());
        }

        return digests;
    }

    private static async Task<IReadOnlyList<string>> StringsAsync(HttpClient client, string path, string property)
    {
        await using var body = await client.GetStreamAsync(path);
        using var document = await JsonDocument.ParseAsync(body);
        return [.. document.RootElement.GetProperty(property).EnumerateArray().Select(element => element.GetString()!)];
    }
}
