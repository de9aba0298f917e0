using Amazon.S3.Model;
using static Ebb.ObjectStore.StoreCapability;

namespace Ebb.ObjectStore.S3;

/// <summary>Tries what only S3 stores may support.</summary>
internal sealed class S3Probe(S3Store store) : ProbeRun(store, store.Connection.Time)
{
    private const string MultipartRemedy = "Give these credentials s3:PutObject and s3:AbortMultipartUpload; a server without multipart uploads cannot be used.";
    private const string StaleRemedy = "Give these credentials s3:ListBucketMultipartUploads, or let a lifecycle rule of the bucket (AbortIncompleteMultipartUpload) remove what killed uploads leave.";
    private const string ConditionRemedy = "Two runs at the same moment may replace each other's object; a newer server knows If-None-Match.";
    private const string LockRemedy = "Create the bucket anew with Object Lock, or set no retention.";

    private string FullKey => store.FullKey(Key);

    private string Bucket => store.Connection.Bucket;

    protected override async Task TryMoreAsync(CancellationToken cancellationToken)
    {
        await TryAsync(OnlyIfAbsent, ConditionRemedy, () => ReplaceAsync(cancellationToken));
        await TryAsync(LargeObjects, MultipartRemedy, () => MultipartAsync(cancellationToken));
        await TryAsync(Retention, LockRemedy, () => LockAsync(cancellationToken));
    }

    // Straight to the server: PutAsync would look the key up first, which is not what is asked here.
    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.Connection.SendAsync(
                new S3Call("PutObject (If-None-Match)", FullKey, Content.Length), (client, token) => client.PutObjectAsync(ConditionalPut(), token), cancellationToken);
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.Changed)
        {
            return;
        }

        throw new ObjectStoreException($"{store.Address} replaced an object though it was told not to (If-None-Match).", ObjectStoreFault.NotSupported);
    }

    private PutObjectRequest ConditionalPut() => new()
    {
        BucketName = Bucket,
        Key = FullKey,
        InputStream = new MemoryStream(Content, writable: false),
        IfNoneMatch = "*",
        UseChunkEncoding = false,
    };

    private async Task MultipartAsync(CancellationToken cancellationToken)
    {
        var begun = await BeginAsync(cancellationToken);
        try
        {
            await TryAsync(StaleUploads, StaleRemedy, () => ListAsync(begun, cancellationToken));
            using var parts = new S3Parts(store.Connection, FullKey, begun, new S3ETags(FullKey, store.Connection.Logger));
            var end = new CompleteMultipartUploadRequest
            {
                BucketName = Bucket,
                Key = FullKey,
                UploadId = begun,
                PartETags = await parts.FinishAsync(Content, Content.Length, cancellationToken),
            };
            await store.Connection.SendAsync(
                new S3Call("CompleteMultipartUpload", FullKey), (client, token) => client.CompleteMultipartUploadAsync(end, token), cancellationToken);
        }
        catch (ObjectStoreException)
        {
            await store.AbortAsync(FullKey, begun, cancellationToken);
            throw;
        }

        await ExpectContentAsync("in parts", cancellationToken);
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = FullKey };
        var call = new S3Call("CreateMultipartUpload", FullKey);
        return (await store.Connection.SendAsync(call, (client, token) => client.InitiateMultipartUploadAsync(begin, token), cancellationToken)).UploadId;
    }

    // By a part of the key, as stale ones are looked for.
    private async Task ListAsync(string upload, CancellationToken cancellationToken) => Expect(
        await new S3Listing(store.Connection, store.Address).UploadsAsync(FullKey[..^1], cancellationToken).AnyAsync(found => found.UploadId == upload, cancellationToken),
        "an upload that was begun is not listed");

    private async Task LockAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectLockConfigurationRequest { BucketName = Bucket };
        var answer = await store.Connection.SendAsync(
            new S3Call("GetObjectLockConfiguration", Bucket), (client, token) => client.GetObjectLockConfigurationAsync(request, token), cancellationToken);
        if (answer.ObjectLockConfiguration?.ObjectLockEnabled?.Value != "Enabled")
        {
            throw new ObjectStoreException($"The bucket '{Bucket}' has no Object Lock.", ObjectStoreFault.NotSupported);
        }
    }
}
