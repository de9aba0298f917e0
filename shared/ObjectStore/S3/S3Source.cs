using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ebb.ObjectStore.S3;

/// <summary>Opens one object for reading, wherever the last connection was cut.</summary>
internal sealed class S3Source(S3Connection connection, string key)
{
    public S3Connection Connection => connection;

    public string Key => key;

    /// <summary>The size of the whole object: <c>bytes 0-9/100</c> (RFC 9110, 14.4), or the body's when all of it was asked for.</summary>
    public static long Size(GetObjectResponse response) =>
        response.ContentRange is { Length: > 0 } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var size)
            ? size
            : response.ContentLength;

    public async Task<GetObjectResponse> OpenAsync(AmazonS3Client client, S3Call call, ByteRange? range, string? etag, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = connection.Bucket, Key = key, EtagToMatch = etag };
        if (range is { } part)
        {
            request.ByteRange = part.Length is { } length && part.Offset <= long.MaxValue - length
                ? new Amazon.S3.Model.ByteRange(part.Offset, part.Offset + length - 1)
                : new Amazon.S3.Model.ByteRange($"bytes={part.Offset.ToString(CultureInfo.InvariantCulture)}-");
        }

        var response = await client.GetObjectAsync(request, cancellationToken);
        var begins = $"bytes {range?.Offset.ToString(CultureInfo.InvariantCulture)}-";
        if (range is not null && (response.HttpStatusCode != HttpStatusCode.PartialContent || response.ContentRange?.StartsWith(begins, StringComparison.Ordinal) != true))
        {
            response.Dispose();
            throw new ObjectStoreException($"{connection.Options} answered {call} with another range than it was asked for.", ObjectStoreFault.Protocol);
        }

        return response;
    }
}
