using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-discovery</summary>
internal sealed partial class ListEndpoints(FaultyRegistry registry)
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    public async Task<bool> TryAsync(HttpContext context)
    {
        if (TagsRoute().Match(context.Request.Path) is { Success: true } tags)
        {
            await TagsAsync(context, tags.Groups["repository"].Value);
            return true;
        }

        if (registry.Behaviour.ReferrersApi && ReferrersRoute().Match(context.Request.Path) is { Success: true } referrers)
        {
            await ReferrersAsync(context, referrers.Groups["repository"].Value, referrers.Groups["digest"].Value);
            return true;
        }

        return false;
    }

    private async Task TagsAsync(HttpContext context, string repository)
    {
        if (!registry.State.HasRepository(repository))
        {
            await Answers.ErrorAsync(context, 404, "NAME_UNKNOWN", "repository name not known to registry");
            return;
        }

        var last = context.Request.Query["last"].ToString();
        var tags = registry.State.Tags.Keys.Where(k => k.Repository == repository).Select(k => k.Tag)
            .Where(t => string.CompareOrdinal(t, last) > 0).Order(StringComparer.Ordinal).ToList();
        var page = registry.Behaviour.PageSize is > 0 and var size ? tags.Take(size).ToList() : tags;
        if (page.Count < tags.Count)
        {
            context.Response.Headers.Link = $"</v2/{repository}/tags/list?n={page.Count}&last={page[^1]}>; rel=\"next\"";
        }

        context.Response.ContentType = "application/json";
        await Answers.BytesAsync(context, Encoding.UTF8.GetBytes(
            $$"""{"name":"{{repository}}","tags":[{{string.Join(',', page.Select(t => $"\"{t}\""))}}]}"""));
    }

    private async Task ReferrersAsync(HttpContext context, string repository, string digest)
    {
        var all = registry.State.Manifests
            .Where(m => m.Key.Repository == repository && ManifestEndpoints.SubjectOf(m.Value) == digest)
            .Select(m => m.Value).OrderBy(m => m.Digest, StringComparer.Ordinal).ToList();
        var skip = int.TryParse(context.Request.Query["skip"], out var asked) ? asked : 0;
        var page = registry.Behaviour.PageSize is > 0 and var size ? all.Skip(skip).Take(size).ToList() : all;
        if (skip + page.Count < all.Count)
        {
            context.Response.Headers.Link = $"</v2/{repository}/referrers/{digest}?skip={skip + page.Count}>; rel=\"next\"";
        }

        context.Response.ContentType = IndexType;
        await Answers.BytesAsync(context, Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', page.Select(Describe))}}]}"""));
    }

    private static string Describe(TestBlob manifest)
    {
        using var document = JsonDocument.Parse(manifest.Content);
        var type = document.RootElement.TryGetProperty("artifactType", out var t) ? $",\"artifactType\":\"{t}\"" : "";
        var annotations = document.RootElement.TryGetProperty("annotations", out var a) ? $",\"annotations\":{a.GetRawText()}" : "";
        return $"{{{manifest.DescriptorMembers}{type}{annotations}}}";
    }

    [GeneratedRegex("^/v2/(?<repository>.+)/tags/list$")]
    private static partial Regex TagsRoute();

    [GeneratedRegex("^/v2/(?<repository>.+)/referrers/(?<digest>sha256:[0-9a-f]+)$")]
    private static partial Regex ReferrersRoute();
}
