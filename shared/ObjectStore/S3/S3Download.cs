using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ebb.ObjectStore.S3;

/// <summary>The bytes of an object; opened again behind the last one whenever the connection breaks or nothing comes for the attempt's time.</summary>
internal sealed class S3Download(S3Source source, GetObjectResponse first, ObjectInfo info, long offset) : DownloadStream(info, first.ContentLength)
{
    private readonly string _etag = first.ETag;
    private GetObjectResponse? _response = first;

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var call = new S3Call("GetObject", source.Key);
        return await source.Connection.SendAsync(call, (client, token) => ReceiveAsync(client, call, buffer, token), cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            Drop();
        }
        catch (AmazonClientException)
        {
            // The SDK compares with the ETag when it closes. Whoever reads compares with what is known to have been sent, and must not have that
            // hidden by this.
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReceiveAsync(AmazonS3Client client, S3Call call, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _response ??= await source.OpenAsync(client, call, new ByteRange(offset + BytesRead, Length - BytesRead), _etag, cancellationToken);
            var read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new EndOfStreamException($"The body ended {Length - BytesRead} bytes early.");
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private void Drop()
    {
        _response?.Dispose();
        _response = null;
    }
}
