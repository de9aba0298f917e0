using System.Net;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Blobs;

/// <summary>Where a blob's bytes come from: opens them at any position, whether or not the server knows ranges.</summary>
internal sealed class BlobSource(Registry registry, BlobReader reader, string repository, Descriptor blob)
{
    public Descriptor Blob => blob;

    public TimeSpan StallTimeout => registry.Options.StallTimeout;

    public TimeProvider Time => registry.Time;

    public Http.ResilienceOptions Resilience => registry.Options.Resilience;

    /// <summary>The answer, and how many of its first bytes come before the position.</summary>
    public async Task<(HttpResponseMessage Response, long Skip)> OpenAsync(long position, CancellationToken cancellationToken)
    {
        var response = await reader.GetAsync(repository, blob, position, cancellationToken);
        var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? position : 0;
        var length = response.Content.Headers.ContentLength;
        if (start > position || (length is { } told && start + told != blob.Size))
        {
            response.Dispose();
            throw Wrong($"the registry offers {length} bytes from byte {start} on, of {blob.Size}");
        }

        return (response, position - start);
    }

    public RegistryException Wrong(string why) =>
        new($"Blob {repository}@{blob.Digest} at {registry.Name}: wrong content: {why}. Nothing was kept of it.", RegistryFault.WrongContent)
        {
            Remedy = "The registry's storage or a proxy before it is damaged; push the image again.",
        };

    public RegistryException Broken(Exception? inner, long position) =>
        new($"Blob {repository}@{blob.Digest} at {registry.Name}: the link broke too often, the last time at byte {position} of {blob.Size}.", RegistryFault.Unreachable, inner)
        {
            Remedy = "Check the network between here and the registry; the next run goes on.",
        };
}
