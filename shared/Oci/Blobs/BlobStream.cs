using System.Security.Cryptography;

namespace Ebb.Oci.Blobs;

/// <summary>
/// A blob as a stream. Its last bytes are given out only after length and digest are verified, so a reader that counts
/// bytes never completes a wrong blob. Resumes by itself after a dropped or silent link; the number of resumptions is bounded.
/// </summary>
internal sealed class BlobStream : Stream
{
    private const int FreeResumptions = 5;
    private const long BytesPerResumption = 16 * 1024 * 1024;

    private readonly BlobSource _source;
    private readonly long _start;
    private readonly IncrementalHash? _hash;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private StallWatch? _watch;
    private long _position;
    private int _resumptions;
    private bool _verified;

    public BlobStream(BlobSource source, long start)
    {
        _source = source;
        _start = start;
        _position = start;
        // Bytes from a later position on cannot be verified here; who resumes an upload is told by the registry's own check.
        _hash = start == 0 ? source.Blob.Digest.CreateHash() : null;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _source.Blob.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == Length)
        {
            await VerifyAsync(cancellationToken);
            return 0;
        }

        if (buffer.IsEmpty)
        {
            return 0;
        }

        var wanted = buffer[..(int)Math.Min(buffer.Length, Length - _position)];
        var read = await ReadResumingAsync(wanted, cancellationToken);
        _hash?.AppendData(wanted.Span[..read]);
        _position += read;
        if (_position == Length)
        {
            await VerifyAsync(cancellationToken);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    internal async Task ConnectAsync(CancellationToken cancellationToken)
    {
        Disconnect();
        (_response, var skip) = await _source.OpenAsync(_position, cancellationToken);
        _body = await _response.Content.ReadAsStreamAsync(cancellationToken);
        _watch = new StallWatch(_source.StallTimeout, _source.Time, CancellationToken.None);
        await SkipAsync(skip, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadResumingAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Exception? failure = null;
            try
            {
                if (_body is null)
                {
                    await ConnectAsync(cancellationToken);
                }

                if (await ReadOnceAsync(buffer, cancellationToken) is var read and > 0)
                {
                    return read;
                }
            }
            catch (Exception e) when (IsDropped(e, cancellationToken))
            {
                failure = e;
            }

            Disconnect();
            if (++_resumptions > FreeResumptions + ((_position - _start) / BytesPerResumption))
            {
                throw _source.Broken(failure, _position);
            }

            await Task.Delay(_source.Resilience.BaseDelay * Math.Min(_resumptions, 8), _source.Time, cancellationToken);
        }
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _watch!.Progress();
        using var cancellation = cancellationToken.UnsafeRegister(static w => ((StallWatch)w!).Cancel(), _watch);
        try
        {
            return await _body!.ReadAsync(buffer, _watch.Token);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Reading the blob was cancelled.", e, cancellationToken);
        }
        finally
        {
            _watch.Progress(Timeout.InfiniteTimeSpan);
        }
    }

    private async Task SkipAsync(long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Min(bytes, 256 * 1024)];
        while (bytes > 0)
        {
            var read = await ReadOnceAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellationToken);
            bytes -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    private async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (_verified)
        {
            return;
        }

        if (await HasMoreAsync(cancellationToken))
        {
            throw _source.Wrong($"it is longer than its {Length} bytes");
        }

        if (_hash is not null && Convert.ToHexStringLower(_hash.GetHashAndReset()) is var actual && actual != _source.Blob.Digest.Hex)
        {
            throw _source.Wrong($"its bytes have the digest {_source.Blob.Digest.Algorithm}:{actual}");
        }

        _verified = true;
        Disconnect();
    }

    private async ValueTask<bool> HasMoreAsync(CancellationToken cancellationToken)
    {
        // A stated length was compared at the start, and HTTP ends the body there.
        if (_body is null || _response!.Content.Headers.ContentLength is not null)
        {
            return false;
        }

        try
        {
            return await ReadOnceAsync(new byte[1], cancellationToken) > 0;
        }
        catch (Exception e) when (IsDropped(e, cancellationToken))
        {
            return false;
        }
    }

    private static bool IsDropped(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && e is IOException or HttpRequestException or OperationCanceledException or RegistryException { Fault: RegistryFault.Unreachable };

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        _watch?.Dispose();
        (_body, _response, _watch) = (null, null, null);
    }
}
