using System.Net;
using Ebb.Http;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Blobs;

/// <summary>Reads blobs (OCI distribution-spec v1.1.1, Pulling blobs).</summary>
internal sealed class BlobReader(Registry registry)
{
    public async Task<bool> ExistsAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Head, repository, digest);
        using var response = await registry.SendAsync(call, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw await registry.FailureAsync(call, response, cancellationToken),
        };
    }

    public async Task<byte[]> ReadAsync(string repository, Descriptor blob, int maxBytes, CancellationToken cancellationToken)
    {
        if (blob.Size > maxBytes)
        {
            throw new RegistryException($"Blob {repository}@{blob.Digest} at {registry.Name} has {blob.Size} bytes; at most {maxBytes} are read here.", RegistryFault.WrongContent)
            {
                Remedy = "Such a blob is no part of an ordinary image; check where it comes from.",
            };
        }

        using var stream = await OpenAsync(repository, blob, 0, cancellationToken);
        var content = new byte[blob.Size];
        await stream.ReadExactlyAsync(content, cancellationToken);
        // An empty blob is verified by the read of its end.
        return await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken) == 0
            ? content
            : throw new InvalidOperationException("A blob stream gave more than its length.");
    }

    public async Task<Stream> OpenAsync(string repository, Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.Size);
        var stream = new BlobStream(new BlobSource(registry, this, repository, blob), offset);
        try
        {
            await stream.ConnectAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for the blob's bytes from a position on. Dispose the answer.</summary>
    public async Task<HttpResponseMessage> GetAsync(string repository, Descriptor blob, long from, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Get, repository, blob.Digest) with
        {
            RangeFrom = from > 0 ? from : null,
            Options = new CallOptions(),
        };
        var response = await registry.SendAsync(call, cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
        {
            return response;
        }

        using (response)
        {
            throw await registry.FailureAsync(call, response, cancellationToken);
        }
    }

    private RegistryCall Call(HttpMethod method, string repository, Digest digest) =>
        new(method, registry.Address(repository, $"blobs/{digest}"), $"blob {repository}@{digest}")
        {
            Repository = repository,
            Scopes = [Registry.Pull(repository)],
        };
}
