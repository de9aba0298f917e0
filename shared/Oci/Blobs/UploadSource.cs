using System.Runtime.ExceptionServices;

namespace Ebb.Oci.Blobs;

/// <summary>The content of an upload, at whatever offset the registry goes on; opened again only when that is not where it stands.</summary>
internal sealed class UploadSource(Func<long, CancellationToken, Task<Stream>> open) : IAsyncDisposable
{
    private Stream? stream;
    private long position;

    /// <summary>What reading failed with, if it did; such a failure is not the target's.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (stream is null || position != offset)
            {
                await DisposeAsync();
                stream = await open(offset, cancellationToken);
                position = offset;
            }

            var read = await stream.ReadAsync(buffer, cancellationToken);
            position += read;
            return read > 0 ? read : throw new EndOfStreamException($"The content to upload ended at byte {offset}.");
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
            stream = null;
        }
    }
}
