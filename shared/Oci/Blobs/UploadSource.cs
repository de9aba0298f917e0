using System.Runtime.ExceptionServices;

namespace Ebb.Oci.Blobs;

/// <summary>
/// The content of an upload, at whatever offset the registry goes on; opened again only when that is not where it stands.
/// One request reads it at a time: an HTTP handler may return an early answer while it still sends the body, so the next
/// reader waits until the one before has stopped.
/// </summary>
internal sealed class UploadSource(Func<long, CancellationToken, Task<Stream>> open) : IAsyncDisposable
{
    private Stream? _stream;
    private long _position;
    private CancellationTokenSource? _reader;
    private Task _reading = Task.CompletedTask;

    /// <summary>What reading failed with, if it did; such a failure is not the target's.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Runs a reader after the one before has stopped.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        await StopAsync();
        _reader = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = read(_reader.Token);
        _reading = running;
        await running;
    }

    /// <summary>Stops the reader, if one runs, and waits for its end.</summary>
    public async Task StopAsync()
    {
        if (_reader is null)
        {
            return;
        }

        await _reader.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reader.Dispose();
        _reader = null;
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_stream is null || _position != offset)
            {
                await CloseAsync();
                _stream = await open(offset, cancellationToken);
                _position = offset;
            }

            var read = await _stream.ReadAsync(buffer, cancellationToken);
            _position += read;
            return read > 0 ? read : throw new EndOfStreamException($"The content to upload ended at byte {offset}.");
        }
        catch (Exception e)
        {
            await CloseAsync();
            Failure = cancellationToken.IsCancellationRequested ? null : ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
            _stream = null;
        }
    }
}
