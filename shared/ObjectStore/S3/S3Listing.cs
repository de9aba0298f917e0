using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace Ebb.ObjectStore.S3;

/// <summary>Reads lists page by page, and not for ever.</summary>
internal sealed class S3Listing(S3Connection connection, string address)
{
    private const int MaxEntries = 100_000;
    private const int MaxEmptyPages = 1_000;

    /// <summary>ListObjectsV2.</summary>
    public async IAsyncEnumerable<S3Object> ObjectsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = connection.Bucket, Prefix = prefix };
        var (count, empty) = (0, 0);
        do
        {
            var page = await connection.SendAsync(
                new S3Call("ListObjectsV2", prefix), (client, token) => client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var found in (page.S3Objects ?? []).Where(found => found.Key.StartsWith(prefix, StringComparison.Ordinal)))
            {
                RefuseTooMany(++count, prefix);
                yield return found;
            }

            RefuseEmpty(page.S3Objects is { Count: > 0 } ? empty = 0 : ++empty, prefix);
            request.ContinuationToken = Next(page.IsTruncated == true, request.ContinuationToken, page.NextContinuationToken, prefix);
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>
    /// ListMultipartUploads of the keys that begin with a prefix. Where the store lists none, the whole bucket is listed: MinIO lists uploads for a whole key or
    /// for the bucket, and says that there are none for a prefix.
    /// </summary>
    public async IAsyncEnumerable<MultipartUpload> UploadsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var asked in prefix.Length == 0 ? [""] : new[] { prefix, "" })
        {
            var found = false;
            await foreach (var upload in UploadPagesAsync(asked, cancellationToken).Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal)))
            {
                found = true;
                yield return upload;
            }

            if (found)
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<MultipartUpload> UploadPagesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = connection.Bucket, Prefix = prefix.Length == 0 ? null : prefix };
        var (count, empty) = (0, 0);
        string? next;
        do
        {
            var page = await connection.SendAsync(
                new S3Call("ListMultipartUploads", prefix), (client, token) => client.ListMultipartUploadsAsync(request, token), cancellationToken);
            foreach (var found in page.MultipartUploads ?? [])
            {
                RefuseTooMany(++count, prefix);
                yield return found;
            }

            RefuseEmpty(page.MultipartUploads is { Count: > 0 } ? empty = 0 : ++empty, prefix);
            next = Next(page.IsTruncated == true, $"{request.KeyMarker}\n{request.UploadIdMarker}", $"{page.NextKeyMarker}\n{page.NextUploadIdMarker}", prefix);
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (next is not null);
    }

    private string? Next(bool more, string? current, string? next, string prefix) => !more
        ? null
        : !string.IsNullOrWhiteSpace(next) && next != current
            ? next
            : throw new ObjectStoreException($"{address} says there is more under '{prefix}' and not where: the list cannot be read to its end.", ObjectStoreFault.Protocol);

    private void RefuseEmpty(int count, string prefix)
    {
        if (count > MaxEmptyPages)
        {
            throw new ObjectStoreException($"{address} has said {MaxEmptyPages} times in a row that there is more under '{prefix}', and listed nothing: the list cannot be read to its end.", ObjectStoreFault.Protocol);
        }
    }

    private void RefuseTooMany(int count, string prefix)
    {
        if (count > MaxEntries)
        {
            throw new ObjectStoreException($"{address} has more than {MaxEntries} entries under '{prefix}'. Give the backups a prefix of their own.", ObjectStoreFault.TooLarge);
        }
    }
}
