using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests and #pushing-manifests</summary>
internal sealed partial class ManifestEndpoints(FaultyRegistry registry)
{
    private RegistryState State => registry.State;

    public async Task<bool> TryAsync(HttpContext context)
    {
        var match = Route().Match(context.Request.Path);
        if (!match.Success)
        {
            return false;
        }

        var repository = match.Groups["repository"].Value;
        var reference = match.Groups["reference"].Value;
        await (context.Request.Method switch
        {
            "HEAD" when !registry.Behaviour.HeadManifests => Answers.ErrorAsync(context, 405, "UNSUPPORTED", "no HEAD here"),
            "GET" or "HEAD" => ReadAsync(context, repository, reference),
            "PUT" => PutAsync(context, repository, reference),
            _ => Answers.ErrorAsync(context, 405, "UNSUPPORTED", "no such method"),
        });
        return true;
    }

    private async Task ReadAsync(HttpContext context, string repository, string reference)
    {
        if (State.FindManifest(repository, reference) is not { } manifest)
        {
            await Answers.ErrorAsync(context, 404, "MANIFEST_UNKNOWN", "manifest unknown");
            return;
        }

        context.Response.ContentType = manifest.MediaType;
        if (registry.Behaviour.DigestHeader)
        {
            context.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
        }

        await Answers.BytesAsync(context, manifest.Content);
    }

    private async Task PutAsync(HttpContext context, string repository, string reference)
    {
        using var body = new MemoryStream();
        if (!await Answers.ReadAsync(context, part => body.Write(part.Span)))
        {
            return;
        }

        var manifest = new TestBlob(body.ToArray(), context.Request.ContentType ?? "");
        if (Refuse(repository, reference, manifest) is { } refusal)
        {
            await Answers.ErrorAsync(context, refusal.Status, refusal.Code, refusal.Message);
            return;
        }

        State.Manifests[(repository, manifest.Digest)] = manifest;
        if (!reference.Contains(':'))
        {
            State.Tags[(repository, reference)] = manifest.Digest;
        }

        context.Response.StatusCode = 201;
        context.Response.Headers.Location = registry.Locate($"/v2/{repository}/manifests/{manifest.Digest}");
        if (registry.Behaviour.DigestHeader)
        {
            context.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
        }

        if (registry.Behaviour.ReferrersApi && SubjectOf(manifest) is { } subject)
        {
            context.Response.Headers["OCI-Subject"] = subject;
        }
    }

    private (int Status, string Code, string Message)? Refuse(string repository, string reference, TestBlob manifest)
    {
        using var document = JsonDocument.Parse(manifest.Content);
        var root = document.RootElement;
        if (root.TryGetProperty("mediaType", out var own) && own.GetString() != manifest.MediaType)
        {
            return (400, "MANIFEST_INVALID", "the media type differs from Content-Type");
        }

        if (reference.Contains(':') && reference != manifest.Digest)
        {
            return (400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        if (References(root).FirstOrDefault(d => !State.Blobs.ContainsKey((repository, d)) && !State.Manifests.ContainsKey((repository, d))) is { } missing)
        {
            return (400, "MANIFEST_BLOB_UNKNOWN", $"{missing} is unknown");
        }

        return registry.Behaviour.ImmutableTags && State.Tags.TryGetValue((repository, reference), out var current) && current != manifest.Digest
            ? (412, "PRECONDITION", $"Failed to process request due to '{repository}:{reference}' configured as immutable.")
            : null;
    }

    private static IEnumerable<string> References(JsonElement root)
    {
        foreach (var list in new[] { "manifests", "layers" })
        {
            foreach (var item in root.TryGetProperty(list, out var items) ? items.EnumerateArray().ToList() : [])
            {
                yield return item.GetProperty("digest").GetString()!;
            }
        }

        if (root.TryGetProperty("config", out var config))
        {
            yield return config.GetProperty("digest").GetString()!;
        }
    }

    internal static string? SubjectOf(TestBlob manifest)
    {
        using var document = JsonDocument.Parse(manifest.Content);
        return document.RootElement.TryGetProperty("subject", out var subject) ? subject.GetProperty("digest").GetString() : null;
    }

    [GeneratedRegex("^/v2/(?<repository>.+)/manifests/(?<reference>[^/]+)$")]
    private static partial Regex Route();
}
