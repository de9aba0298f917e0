using Amazon.S3.Model;

namespace Ebb.ObjectStore.S3;

/// <summary>
/// The parts of one multipart upload: some are sent while the next is filled. Holds at most <see cref="PartSizes.InFlight"/> buffers
/// and the one being filled; they are used again.
/// </summary>
internal sealed class S3Parts(S3Connection connection, string key, string uploadId, S3ETags etags) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task<PartETag>> _sent = [];
    private readonly Queue<Task<byte[]>> _underWay = new();
    private readonly Stack<byte[]> _free = new();

    public string UploadId => uploadId;

    /// <summary>Takes a filled buffer over and gives one for the next part, when there is room.</summary>
    public async ValueTask<byte[]> SendAsync(byte[] buffer, int length, CancellationToken cancellationToken)
    {
        var number = _sent.Count + 1;
        if (number >= PartSizes.MaxParts)
        {
            throw new ObjectStoreException($"'{key}' is larger than the 5 TiB that S3 takes.", ObjectStoreFault.TooLarge);
        }

        // Off this thread: hashing and encrypting are work for the other processor.
        var sending = Task.Run(() => SendAsync(number, buffer, length, _stop.Token), CancellationToken.None);
        _sent.Add(sending);
        _underWay.Enqueue(ReturnAsync(sending, buffer));
        return await NextBufferAsync(PartSizes.Of(number + 1), cancellationToken);
    }

    /// <summary>Sends the last part and waits for all of them.</summary>
    public async Task<List<PartETag>> FinishAsync(byte[] buffer, int length, CancellationToken cancellationToken)
    {
        if (length > 0)
        {
            var number = _sent.Count + 1;
            _sent.Add(Task.Run(() => SendAsync(number, buffer, length, _stop.Token), CancellationToken.None));
        }

        return [.. await Task.WhenAll(_sent).WaitAsync(cancellationToken)];
    }

    /// <summary>Ends whatever is under way, so that nothing arrives after the abort.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        foreach (var sending in _sent)
        {
            // Its failure, if it has one, was or is being told to the writer.
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async ValueTask<byte[]> NextBufferAsync(int size, CancellationToken cancellationToken)
    {
        while (_underWay.Count >= PartSizes.InFlight(size) || (_underWay.TryPeek(out var oldest) && oldest.IsCompleted))
        {
            _free.Push(await _underWay.Peek().WaitAsync(cancellationToken));
            _ = _underWay.Dequeue();
        }

        // Those of an earlier, smaller size are of no use any more.
        while (_free.TryPop(out var free))
        {
            if (free.Length == size)
            {
                return free;
            }
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    private static async Task<byte[]> ReturnAsync(Task<PartETag> sending, byte[] buffer)
    {
        await sending;
        return buffer;
    }

    private async Task<PartETag> SendAsync(int number, byte[] buffer, int length, CancellationToken cancellationToken)
    {
        var md5 = S3ETags.Md5(buffer.AsSpan(0, length));
        var response = await connection.SendAsync(
            new S3Call($"UploadPart {number}", key, length),
            (client, token) => client.UploadPartAsync(Request(number, buffer, length, md5), token),
            cancellationToken);
        etags.Part(number, md5, response.ETag, response.ServerSideEncryptionMethod);
        return new PartETag(number, response.ETag);
    }

    private UploadPartRequest Request(int number, byte[] buffer, int length, byte[] md5) => new()
    {
        BucketName = connection.Bucket,
        Key = key,
        UploadId = uploadId,
        PartNumber = number,
        PartSize = length,
        InputStream = new MemoryStream(buffer, 0, length, writable: false),
        MD5Digest = Convert.ToBase64String(md5),
        UseChunkEncoding = false,
        DisablePayloadSigning = connection.IsEncrypted,
    };
}
