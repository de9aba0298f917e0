using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Ebb.ObjectStore.S3;

/// <summary>Gathers bytes: up to <see cref="PartSizes.First"/> become one PUT, more become parts.</summary>
internal sealed partial class S3Upload(S3Store store, ObjectKey key, UploadOptions options) : UploadStream(key)
{
    private static readonly TimeSpan LongestAbort = TimeSpan.FromSeconds(20);
    private readonly S3ETags _etags = new(store.FullKey(key), store.Connection.Logger);
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(PartSizes.First);
    private int _filled;
    private S3Parts? _parts;

    protected override async ValueTask AcceptAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _buffer.Length)
            {
                _parts ??= new S3Parts(store.Connection, store.FullKey(Key), await BeginAsync(cancellationToken), _etags);
                (_buffer, _filled) = (await _parts.SendAsync(_buffer, _filled, cancellationToken), 0);
            }

            var taken = Math.Min(buffer.Length, _buffer.Length - _filled);
            buffer[..taken].CopyTo(_buffer.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    protected override async Task<StoredObject> FinishAsync(string sha256, CancellationToken cancellationToken)
    {
        if (_parts is null)
        {
            return await store.PutAsync(Key, _buffer, _filled, options, _etags, sha256, cancellationToken);
        }

        var parts = await _parts.FinishAsync(_buffer, _filled, cancellationToken);
        await CompleteAsync(_parts.UploadId, parts, cancellationToken);
        var info = await store.CheckStoredAsync(Key, BytesWritten, options, cancellationToken);
        _parts.Dispose();
        return new StoredObject { Key = Key, Size = BytesWritten, Sha256 = sha256, ETag = info.ETag, ETagCheck = _etags.Result };
    }

    protected override async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        if (_parts is null)
        {
            return;
        }

        await _parts.StopAsync();
        _parts.Dispose();
        using var limit = new CancellationTokenSource(LongestAbort, store.Connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await store.AbortAsync(store.FullKey(Key), _parts.UploadId, either.Token);
        }
        catch (Exception exception) when (exception is ObjectStoreException or OperationCanceledException)
        {
            // Usually the failure that led here is the same one, and that is the one to be told.
            LogLeft(store.Connection.Logger, store.FullKey(Key), exception.Message);
        }
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = store.Connection.Bucket, Key = store.FullKey(Key), ContentType = options.ContentType };
        if (options.Retention is { } retention)
        {
            (request.ObjectLockMode, request.ObjectLockRetainUntilDate) = (S3Store.Mode(retention), retention.Until.UtcDateTime);
        }

        var response = await store.Connection.SendAsync(
            new S3Call("CreateMultipartUpload", request.Key), (client, token) => client.InitiateMultipartUploadAsync(request, token), cancellationToken);
        return response.UploadId;
    }

    private async Task CompleteAsync(string uploadId, List<PartETag> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = store.Connection.Bucket, Key = store.FullKey(Key), UploadId = uploadId, PartETags = parts };
        var call = new S3Call("CompleteMultipartUpload", request.Key);
        try
        {
            var response = await store.SendConditionalAsync(
                call, Key, options, absent => request.IfNoneMatch = absent ? "*" : null, (client, token) => client.CompleteMultipartUploadAsync(request, token), cancellationToken);
            _etags.Completed(response.ETag, response.ServerSideEncryptionMethod);
        }
        catch (ObjectStoreException exception) when (exception.Fault is ObjectStoreFault.UploadGone or ObjectStoreFault.Exists)
        {
            // The answer to an earlier attempt may have been lost: then the upload is gone because it is complete.
            if (await store.FindAsync(Key, cancellationToken) is not { } info || info.ETag != _etags.Multipart())
            {
                throw;
            }
        }
    }

    [LoggerMessage(4603, LogLevel.Warning, "The parts of '{Key}' could not be removed; the removal of stale uploads finds them later: {Reason}")]
    private static partial void LogLeft(ILogger logger, string key, string reason);
}
