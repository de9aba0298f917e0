using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs</summary>
internal sealed partial class UploadEndpoints(FaultyRegistry registry)
{
    private RegistryBehaviour Behaviour => registry.Behaviour;

    private RegistryState State => registry.State;

    public async Task<bool> TryAsync(HttpContext context)
    {
        var match = Route().Match(context.Request.Path);
        if (!match.Success)
        {
            return false;
        }

        var repository = match.Groups["repository"].Value;
        var id = match.Groups["id"].Value;
        if (context.Request.Method == "POST")
        {
            await StartAsync(context, repository);
        }
        else if (!State.Uploads.TryGetValue(id, out var upload) || upload.Repository != repository)
        {
            await Answers.ErrorAsync(context, 404, "BLOB_UPLOAD_UNKNOWN", "upload unknown");
        }
        else
        {
            await ContinueAsync(context, id, upload);
        }

        return true;
    }

    private async Task StartAsync(HttpContext context, string repository)
    {
        var digest = context.Request.Query["mount"].ToString();
        if (Behaviour.Mounts && digest.Length > 0 && State.Blobs.TryGetValue((context.Request.Query["from"].ToString(), digest), out var content))
        {
            State.Blobs[(repository, digest)] = content;
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = registry.Locate($"/v2/{repository}/blobs/{digest}");
            return;
        }

        var id = Guid.NewGuid().ToString("n");
        State.Uploads[id] = new PendingUpload(repository);
        if (Behaviour.ChunkMinLength > 0)
        {
            context.Response.Headers["OCI-Chunk-Min-Length"] = Behaviour.ChunkMinLength.ToString();
        }

        Accept(context, id, State.Uploads[id], 202);
        await Task.CompletedTask;
    }

    private Task ContinueAsync(HttpContext context, string id, PendingUpload upload)
    {
        switch (context.Request.Method)
        {
            case "PATCH":
                return PatchAsync(context, id, upload);
            case "PUT":
                return PutAsync(context, id, upload);
            case "GET":
                Accept(context, id, upload, 204);
                return Task.CompletedTask;
            case "DELETE":
                State.Uploads.TryRemove(id, out _);
                context.Response.StatusCode = 204;
                return Task.CompletedTask;
            default:
                return Answers.ErrorAsync(context, 405, "UNSUPPORTED", "no such method");
        }
    }

    private async Task PatchAsync(HttpContext context, string id, PendingUpload upload)
    {
        var range = ContentRange().Match(context.Request.Headers.ContentRange.ToString());
        var length = context.Request.ContentLength;
        if (!range.Success || long.Parse(range.Groups["from"].Value) != upload.Content.Length
            || length != long.Parse(range.Groups["to"].Value) - upload.Content.Length + 1)
        {
            await Answers.ErrorAsync(context, 416, "RANGE_INVALID", $"the upload has {upload.Content.Length} bytes");
        }
        else if (await ReceiveAsync(context, upload))
        {
            Accept(context, id, upload, Behaviour.OddStatusCodes ? 201 : 202);
        }
    }

    private async Task PutAsync(HttpContext context, string id, PendingUpload upload)
    {
        if (!await ReceiveAsync(context, upload))
        {
            return;
        }

        var content = upload.Content.ToArray();
        var digest = context.Request.Query["digest"].ToString();
        if (RegistryState.DigestOf(content) != digest)
        {
            State.Uploads.TryRemove(id, out _);
            await Answers.ErrorAsync(context, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }
        else if (Behaviour.QuotaBytes > 0 && State.StoredBytes + content.Length > Behaviour.QuotaBytes)
        {
            await Answers.ErrorAsync(context, 403, "DENIED", "adding 1 MiB of storage resource, which when updated to current usage of 9 MiB will exceed the configured upper limit of 10 MiB.");
        }
        else
        {
            State.Uploads.TryRemove(id, out _);
            State.Blobs[(upload.Repository, digest)] = content;
            context.Response.StatusCode = Behaviour.OddStatusCodes ? 204 : 201;
            context.Response.Headers.Location = registry.Locate($"/v2/{upload.Repository}/blobs/{digest}");
        }
    }

    private async Task<bool> ReceiveAsync(HttpContext context, PendingUpload upload)
    {
        if (Behaviour.MaxRequestBytes > 0 && context.Request.ContentLength > Behaviour.MaxRequestBytes)
        {
            await Answers.ErrorAsync(context, 413, "UNKNOWN", "request entity too large");
            return false;
        }

        var before = upload.Content.Length;
        var whole = await Answers.ReadAsync(context, part => upload.Content.Write(part.Span));
        if (!whole && !Behaviour.KeepsPartialUploads)
        {
            upload.Content.SetLength(before);
        }

        return whole;
    }

    private void Accept(HttpContext context, string id, PendingUpload upload, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = registry.Locate($"/v2/{upload.Repository}/blobs/uploads/{id}?_state=at-{upload.Content.Length}");
        context.Response.Headers.Range = $"0-{Math.Max(0, upload.Content.Length - 1)}";
    }

    [GeneratedRegex("^/v2/(?<repository>.+)/blobs/uploads/(?<id>[0-9a-f]*)$")]
    private static partial Regex Route();

    [GeneratedRegex("^(?<from>[0-9]+)-(?<to>[0-9]+)$")]
    private static partial Regex ContentRange();
}
