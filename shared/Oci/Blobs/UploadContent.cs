using System.Buffers;
using System.Net;

namespace Ebb.Oci.Blobs;

/// <summary>Streams a part of a blob into a request through one pooled buffer; its length is stated beforehand.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferBytes = 256 * 1024;

    // A registry on object storage moves the whole blob before it answers.
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromMinutes(10);
    private readonly UploadSource _source;
    private readonly long _offset;
    private readonly long _length;
    private readonly StallWatch _watch;

    public UploadContent(UploadSource source, long offset, long length, StallWatch watch)
    {
        _source = source;
        _offset = offset;
        _length = length;
        _watch = watch;
        Headers.ContentType = new("application/octet-stream");
        Headers.ContentLength = length;
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = _length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _source.RunAsync(token => CopyAsync(stream, token), cancellationToken);

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long sent = 0; sent < _length;)
            {
                // The source watches its own link; while it is waited for, the target's clock stands.
                _watch.Progress(Timeout.InfiniteTimeSpan);
                var read = await _source.ReadAsync(_offset + sent, buffer.AsMemory(0, (int)Math.Min(_length - sent, buffer.Length)), cancellationToken);
                _watch.Progress();
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _watch.Progress(CommitTimeout);
    }
}
