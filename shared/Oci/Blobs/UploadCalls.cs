using System.Net;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Blobs;

/// <summary>The single requests of an upload (OCI distribution-spec v1.1.1, Pushing blobs).</summary>
internal sealed class UploadCalls(Registry registry, string repository, Digest digest)
{
    private const long ExpectContinueFrom = 1024 * 1024;
    private static readonly TimeSpan AbandonTimeout = TimeSpan.FromSeconds(15);

    public async Task<UploadSession> StartAsync(CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Post, registry.Address(repository, "blobs/uploads/"));
        using var response = await registry.SendAsync(call, cancellationToken);
        return response.StatusCode == HttpStatusCode.Accepted
            ? new UploadSession(Registry.Location(call, response), 0, MinChunk(response))
            : throw await registry.FailureAsync(call, response, cancellationToken);
    }

    /// <summary>Mounts the blob, or tells of the upload that the registry opened in its place, if it did.</summary>
    public async Task<(bool Mounted, UploadSession? Session)> TryMountAsync(string from, CancellationToken cancellationToken)
    {
        try
        {
            return await MountAsync(from, cancellationToken);
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.Unauthorized or RegistryFault.Denied)
        {
            // Some token servers refuse the whole login for a repository that may not be read; an upload needs only the other.
            return (false, null);
        }
    }

    private async Task<(bool Mounted, UploadSession? Session)> MountAsync(string from, CancellationToken cancellationToken)
    {
        var query = $"blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from)}";
        var call = Call(HttpMethod.Post, registry.Address(repository, query)) with { Scopes = [Registry.Push(repository), Registry.Pull(from)] };
        using var response = await registry.SendAsync(call, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Created => (true, null),
            HttpStatusCode.Accepted => (false, new UploadSession(Registry.Location(call, response), 0, MinChunk(response))),
            // Not allowed to see the other repository, or no mounts here: an upload tells more.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest => (false, null),
            _ => throw await registry.FailureAsync(call, response, cancellationToken),
        };
    }

    /// <summary>What the registry has of an upload; null when it knows it no more.</summary>
    public async Task<UploadSession?> ResumeAsync(UploadSession session, long size, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Get, session.Location);
        using var response = await registry.SendAsync(call, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted))
        {
            return null;
        }

        return session with
        {
            Location = response.Headers.Location is null ? session.Location : Registry.Location(call, response),
            Offset = Offset(call, response, size) ?? 0,
        };
    }

    /// <summary>Sends a part by PATCH.</summary>
    public RegistryCall Patch(UploadSession session, long length, Func<HttpContent> content) => Sending(HttpMethod.Patch, session.Location, length) with
    {
        Content = () =>
        {
            var body = content();
            // The distribution API's own form: no unit before the numbers.
            body.Headers.TryAddWithoutValidation("Content-Range", $"{session.Offset}-{session.Offset + length - 1}");
            return body;
        },
    };

    /// <summary>Ends the upload, with the content or after it.</summary>
    public RegistryCall Put(UploadSession session, long length, Func<HttpContent> content) =>
        Sending(HttpMethod.Put, session.Completing(digest), length) with { Content = content };

    /// <summary>The upload after a part was taken.</summary>
    public static UploadSession Advance(RegistryCall call, UploadSession session, HttpResponseMessage response, long sentTo, long size) => session with
    {
        Location = response.Headers.Location is null ? session.Location : Registry.Location(call, response),
        Offset = Offset(call, response, size) ?? sentTo,
    };

    /// <summary>Gives an upload up, so that the registry need not keep its bytes. A registry that does not answer cleans up by itself in time.</summary>
    public async Task AbandonAsync(UploadSession session)
    {
        using var limit = new CancellationTokenSource(AbandonTimeout, registry.Time);
        try
        {
            using var response = await registry.SendAsync(Call(HttpMethod.Delete, session.Location), limit.Token);
        }
        catch (Exception e) when (e is RegistryException or OperationCanceledException)
        {
            // The failure that led here is the one to report.
        }
    }

    private RegistryCall Sending(HttpMethod method, Uri uri, long length) => Call(method, uri) with
    {
        ExpectContinue = length >= ExpectContinueFrom,
        Options = new CallOptions { MaxBodyBytes = RegistryCall.DefaultMaxBodyBytes, AttemptTimeout = Timeout.InfiniteTimeSpan, Repeatable = false },
    };

    private RegistryCall Call(HttpMethod method, Uri uri) => new(method, uri, $"upload of blob {repository}@{digest}")
    {
        Repository = repository,
        Scopes = [Registry.Push(repository)],
        // An upload that is begun twice is an empty one too many, no more.
        Options = new CallOptions { MaxBodyBytes = RegistryCall.DefaultMaxBodyBytes, Repeatable = true },
    };

    private static long? Offset(RegistryCall call, HttpResponseMessage response, long size)
    {
        var range = Header(response, "Range");
        if (range is null)
        {
            return null;
        }

        var text = range.Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        if (text.Length != 2 || text[0] != "0" || !long.TryParse(text[1], out var end) || end < 0 || end >= Math.Max(size, 1))
        {
            throw Registry.Broken(call, $"the upload's Range '{Redaction.Text(range)}' is not within 0-{size - 1}.", response);
        }

        // Most registries tell an empty upload as 0-0, so one of a single byte counts as empty too.
        return end == 0 ? 0 : end + 1;
    }

    private static long MinChunk(HttpResponseMessage response) =>
        long.TryParse(Header(response, "OCI-Chunk-Min-Length"), out var length) && length > 0 ? length : 0;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
