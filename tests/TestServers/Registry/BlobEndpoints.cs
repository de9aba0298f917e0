using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs</summary>
internal sealed partial class BlobEndpoints(FaultyRegistry registry)
{
    public async Task<bool> TryAsync(HttpContext context)
    {
        var match = Route().Match(context.Request.Path);
        if (!match.Success || context.Request.Method is not ("GET" or "HEAD"))
        {
            return false;
        }

        if (!registry.State.Blobs.TryGetValue((match.Groups["repository"].Value, match.Groups["digest"].Value), out var content))
        {
            await Answers.ErrorAsync(context, 404, "BLOB_UNKNOWN", "blob unknown to registry");
        }
        else if (registry.Behaviour.RedirectBlobsTo is { } other)
        {
            context.Response.Redirect($"{other}/{match.Groups["digest"].Value}?X-Amz-Signature=only-for-tests", permanent: false, preserveMethod: true);
        }
        else
        {
            await WriteAsync(context, content, match.Groups["digest"].Value);
        }

        return true;
    }

    private async Task WriteAsync(HttpContext context, byte[] content, string digest)
    {
        context.Response.ContentType = "application/octet-stream";
        if (registry.Behaviour.DigestHeader)
        {
            context.Response.Headers["Docker-Content-Digest"] = digest;
        }

        var range = RangeFrom().Match(context.Request.Headers.Range.ToString());
        if (!registry.Behaviour.Ranges || !range.Success)
        {
            await Answers.BytesAsync(context, content);
            return;
        }

        var from = int.Parse(range.Groups["from"].Value);
        if (from >= content.Length)
        {
            await Answers.ErrorAsync(context, 416, "RANGE_INVALID", "beyond the end");
            return;
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        await Answers.BytesAsync(context, content.AsMemory(from));
    }

    [GeneratedRegex("^/v2/(?<repository>.+)/blobs/(?<digest>sha(?:256|512):[0-9a-f]+)$")]
    private static partial Regex Route();

    [GeneratedRegex("^bytes=(?<from>[0-9]+)-$")]
    private static partial Regex RangeFrom();
}
