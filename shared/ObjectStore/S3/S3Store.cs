using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Ebb.ObjectStore.S3;

/// <summary>A prefix of a bucket, over the S3 API (Amazon S3 API reference, 2006-03-01). Uses no bulk delete: some stores ask for more than the others there.</summary>
internal sealed class S3Store(ObjectStoreOptions options, StoreUrl url, TimeProvider time, ILogger logger) : IObjectStore
{
    // Set once the store has said that it does not know If-None-Match on writes.
    private volatile bool _knowsNoConditions;

    public S3Connection Connection { get; } = new(options, url, time, logger);

    public string Address { get; } = options.ToString();

    public async ValueTask<UploadStream> OpenUploadAsync(ObjectKey key, UploadOptions options, CancellationToken cancellationToken)
    {
        await RefuseExistingAsync(key, options, cancellationToken);
        return new S3Upload(this, key, options);
    }

    public async Task<DownloadStream> OpenDownloadAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        if (range is { Offset: < 0 } or { Length: <= 0 })
        {
            throw new ObjectStoreException($"The range {range} of '{key}' is empty or begins before the object.", ObjectStoreFault.InvalidRange);
        }

        var source = new S3Source(Connection, FullKey(key));
        var call = new S3Call("GetObject", source.Key);
        var response = await Connection.SendAsync(call, (client, token) => source.OpenAsync(client, call, range, etag: null, token), cancellationToken);
        return new S3Download(source, response, Info(key, S3Source.Size(response), response.LastModified, response.ETag), range?.Offset ?? 0);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string keyPrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in new S3Listing(Connection, Address).ObjectsAsync(url.Prefix + keyPrefix, cancellationToken))
        {
            if (ObjectKey.TryParse(found.Key[url.Prefix.Length..], out var key))
            {
                yield return Info(key, found.Size ?? 0, found.LastModified, found.ETag);
            }
        }
    }

    public async Task<ObjectInfo?> FindAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await HeadAsync(key, cancellationToken) is { } head ? Info(key, head.ContentLength, head.LastModified, head.ETag) : null;

    public async Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var call = new S3Call("DeleteObject", FullKey(key));
        try
        {
            var answer = await Connection.SendAsync(call, (client, token) => client.DeleteObjectAsync(Connection.Bucket, FullKey(key), token), cancellationToken);

            // S3 answers 204; some stores 200, and so do the pages of others.
            if (answer.HttpStatusCode != HttpStatusCode.NoContent && await HeadAsync(key, cancellationToken) is not null)
            {
                throw Connection.Foreign(call, "the object is still there");
            }
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.NotFound)
        {
            // Amazon answers 204, some others 404.
        }
    }

    public async Task<StoredObject> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, UploadOptions options, CancellationToken cancellationToken)
    {
        await using var upload = await OpenUploadAsync(key, options, cancellationToken);
        await upload.WriteAsync(content, cancellationToken);
        return await upload.CompleteAsync(cancellationToken);
    }

    public async Task<byte[]?> GetAsync(ObjectKey key, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await OpenDownloadAsync(key, range: null, cancellationToken);
            return await download.ReadAllAsync(maxBytes, cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<StaleUpload>> RemoveStaleUploadsAsync(string keyPrefix, TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var before = Connection.Time.GetUtcNow() - olderThan;
        var removed = new List<StaleUpload>();
        await foreach (var upload in new S3Listing(Connection, Address).UploadsAsync(url.Prefix + keyPrefix, cancellationToken))
        {
            if (Moment(upload.Initiated) is { } since && since < before && ObjectKey.TryParse(upload.Key[url.Prefix.Length..], out var key))
            {
                await AbortAsync(upload.Key, upload.UploadId, cancellationToken);
                removed.Add(new StaleUpload(key, since));
            }
        }

        return removed;
    }

    public Task<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => new S3Probe(this).RunAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        Connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The key in the bucket.</summary>
    internal string FullKey(ObjectKey key) => url.Prefix + key.Value;

    internal static ObjectLockMode Mode(ObjectRetention retention) =>
        retention.Mode == RetentionMode.Compliance ? ObjectLockMode.Compliance : ObjectLockMode.Governance;

    /// <summary>Stores what fits into one request, and looks whether it is there.</summary>
    internal async Task<StoredObject> PutAsync(
        ObjectKey key, byte[] buffer, int length, UploadOptions options, S3ETags etags, string sha256, CancellationToken cancellationToken)
    {
        var md5 = S3ETags.Md5(buffer.AsSpan(0, length));
        var call = new S3Call("PutObject", FullKey(key), length);
        try
        {
            var absent = false;
            var response = await SendConditionalAsync(
                call, key, options, value => absent = value, (client, token) => client.PutObjectAsync(PutRequest(key, buffer, length, md5, options, absent), token), cancellationToken);
            etags.Whole(md5, response.ETag, response.ServerSideEncryptionMethod);
        }
        catch (ObjectStoreException exception) when (call.Attempts > 1 && exception.Fault == ObjectStoreFault.Exists)
        {
            // The answer to an earlier attempt may have been lost: then what exists is what was sent.
            if (await FindAsync(key, cancellationToken) is not { } there || there.Size != length || !there.ETag.Equals(Convert.ToHexStringLower(md5), StringComparison.OrdinalIgnoreCase))
            {
                throw;
            }
        }

        var info = await CheckStoredAsync(key, length, options, cancellationToken);
        return new StoredObject { Key = key, Size = length, Sha256 = sha256, ETag = info.ETag, ETagCheck = etags.Result };
    }

    /// <summary>Asks the store what it has under a key that was just completed.</summary>
    internal async Task<ObjectInfo> CheckStoredAsync(ObjectKey key, long size, UploadOptions options, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(key, cancellationToken)
            ?? throw new ObjectStoreException($"{Address} confirmed '{key}' and does not have it. Do not trust this store.", ObjectStoreFault.Corrupt);
        if (head.ContentLength != size)
        {
            throw new ObjectStoreException($"{Address} confirmed '{key}' and has {head.ContentLength} of its {size} bytes. Do not trust this store.", ObjectStoreFault.Corrupt);
        }

        if (options.Retention is not null && string.IsNullOrEmpty(head.ObjectLockMode?.Value))
        {
            throw new ObjectStoreException(
                $"{Address} stored '{key}' and does not say that it is locked. Create the bucket with Object Lock, give the access key s3:GetObjectRetention, or set no retention.",
                ObjectStoreFault.NotSupported);
        }

        return Info(key, head.ContentLength, head.LastModified, head.ETag);
    }

    /// <summary>Sends a write that may be conditional; to a store that does not know conditions, without.</summary>
    internal async Task<T> SendConditionalAsync<T>(
        S3Call call, ObjectKey key, UploadOptions options, Action<bool> onlyIfAbsent, Func<AmazonS3Client, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        onlyIfAbsent(options.OnlyIfAbsent && !_knowsNoConditions);
        try
        {
            return await Connection.SendAsync(call, send, cancellationToken);
        }
        catch (ObjectStoreException exception) when (options.OnlyIfAbsent && exception.Fault == ObjectStoreFault.Changed)
        {
            throw Exists(key, exception);
        }
        catch (ObjectStoreException exception) when (options.OnlyIfAbsent && !_knowsNoConditions && exception.Fault == ObjectStoreFault.NotSupported)
        {
            _knowsNoConditions = true;
        }

        await RefuseExistingAsync(key, options, cancellationToken);
        onlyIfAbsent(false);
        return await Connection.SendAsync(call, send, cancellationToken);
    }

    internal async Task AbortAsync(string fullKey, string uploadId, CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = Connection.Bucket, Key = fullKey, UploadId = uploadId };
        try
        {
            await Connection.SendAsync(new S3Call("AbortMultipartUpload", fullKey), (client, token) => client.AbortMultipartUploadAsync(request, token), cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Fault is ObjectStoreFault.UploadGone or ObjectStoreFault.NotFound)
        {
            // Completed, or aborted by somebody else.
        }
    }

    internal async Task<GetObjectMetadataResponse?> HeadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await Connection.SendAsync(
                new S3Call("HeadObject", FullKey(key)), (client, token) => client.GetObjectMetadataAsync(Connection.Bucket, FullKey(key), token), cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.NotFound)
        {
            return null;
        }
    }

    private async Task RefuseExistingAsync(ObjectKey key, UploadOptions options, CancellationToken cancellationToken)
    {
        if (options.OnlyIfAbsent && await HeadAsync(key, cancellationToken) is not null)
        {
            throw Exists(key, inner: null);
        }
    }

    private ObjectStoreException Exists(ObjectKey key, Exception? inner) =>
        new($"{Address} already has '{key}', which was not to be replaced. Is another run writing it?", ObjectStoreFault.Exists, inner);

    private PutObjectRequest PutRequest(ObjectKey key, byte[] buffer, int length, byte[] md5, UploadOptions options, bool onlyIfAbsent)
    {
        var request = new PutObjectRequest
        {
            BucketName = Connection.Bucket,
            Key = FullKey(key),
            ContentType = options.ContentType,
            InputStream = new MemoryStream(buffer, 0, length, writable: false),
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
            DisablePayloadSigning = Connection.IsEncrypted,
            IfNoneMatch = onlyIfAbsent ? "*" : null,
        };
        if (options.Retention is { } retention)
        {
            (request.ObjectLockMode, request.ObjectLockRetainUntilDate) = (Mode(retention), retention.Until.UtcDateTime);
        }

        return request;
    }

    private static ObjectInfo Info(ObjectKey key, long size, DateTime? modified, string? etag) =>
        new() { Key = key, Size = size, LastModified = Moment(modified) ?? DateTimeOffset.UnixEpoch, ETag = S3ETags.Plain(etag) };

    private static DateTimeOffset? Moment(DateTime? time) => time is { } value ? new DateTimeOffset(value.ToUniversalTime()) : null;
}
