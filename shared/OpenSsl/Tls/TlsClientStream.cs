using Ebb.OpenSsl.Tls;

namespace Ebb.OpenSsl;

/// <summary>
/// The encrypted side of a connection, made by <see cref="TlsClient"/>. Asynchronous only; one reader and several writers at
/// a time. Reading ends with 0 only after the server's end mark (close_notify): a connection that is cut is a
/// <see cref="TlsException"/> with <see cref="TlsFailure.Truncated"/>. Disposal says goodbye and closes the connection below.
/// </summary>
public sealed class TlsClientStream : Stream
{
    private const int BufferBytes = 64 * 1024;
    private const int RecordBytes = 17 * 1024;

    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly Stream _connection;
    private readonly TlsEngine _engine;
    private readonly TlsFaults _faults;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _incoming = new byte[BufferBytes];
    private readonly byte[] _outgoing = new byte[BufferBytes];
    private bool _isSendingBroken;
    private int _readers;
    private int _isDisposed;

    internal TlsClientStream(Stream connection, TlsEngine engine, TlsFaults faults, TimeProvider time) =>
        (_connection, _engine, _faults, _time) = (connection, engine, faults, time);

    /// <inheritdoc/>
    public override bool CanRead => _isDisposed == 0;

    /// <inheritdoc/>
    public override bool CanWrite => _isDisposed == 0;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not known.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not known.</summary>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what has come, waiting for at least one byte; into an empty buffer it waits until there is something to read.</summary>
    /// <exception cref="TlsException">The connection was cut or the server broke it off, with its reason.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _readers, 1, 0) != 0)
        {
            throw new InvalidOperationException("Another read is under way on this TLS connection.");
        }

        try
        {
            TlsStatus status;
            int count;
            while ((status = _engine.Read(buffer.Span, out count)) == TlsStatus.NeedsInput)
            {
                await AnswerAsync(cancellationToken);
                await ReceiveAsync(cancellationToken);
            }

            return status == TlsStatus.Closed ? 0 : count;
        }
        finally
        {
            Volatile.Write(ref _readers, 0);
        }
    }

    /// <summary>Encrypts and sends everything.</summary>
    /// <exception cref="IOException">The connection is gone. After a write that failed or was cancelled nothing more can be sent.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            while (!buffer.IsEmpty)
            {
                buffer = buffer[_engine.Write(buffer.Span)..];
                if (buffer.IsEmpty || _engine.PendingOutput > BufferBytes - RecordBytes)
                {
                    await SendAsync(cancellationToken);
                }
            }
        }
        catch (IOException cause) when (cause is not OpenSslException)
        {
            if (await ReasonAsync() is { } reason)
            {
                throw new TlsException(reason.Failure, reason.Message, cause);
            }

            throw;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Does nothing: a write is sent when it returns.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing.</summary>
    public override void Flush()
    {
    }

    /// <summary>Refused: it would block a thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A TLS connection is read asynchronously.");

    /// <summary>Refused: it would block a thread.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A TLS connection is written asynchronously.");

    /// <summary>Refused.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Refused.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Says goodbye, waits two seconds at most for that, and closes the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await CloseAsync();
        }

        await base.DisposeAsync();
    }

    internal async Task HandshakeAsync(string? protocol, CancellationToken cancellationToken)
    {
        try
        {
            while (_engine.Handshake() == TlsStatus.NeedsInput)
            {
                await SendAsync(cancellationToken);
                await ReceiveAsync(cancellationToken);
            }

            await SendAsync(cancellationToken);
        }
        catch (TlsException failure)
        {
            await SendAlertAsync(cancellationToken);
            throw failure.Failure == TlsFailure.Truncated ? _faults.EndedInHandshake(failure.InnerException) : failure;
        }
        catch (IOException failure)
        {
            throw _faults.EndedInHandshake(failure);
        }

        if (protocol is not null && _engine.ApplicationProtocol is var chosen && chosen != protocol)
        {
            throw _faults.NoProtocol(chosen);
        }
    }

    /// <summary>Begins the closing, which goes on without the caller: whoever disposes synchronously must not wait for a network.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = CloseAsync();
        }

        base.Dispose(disposing);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        int count;
        try
        {
            count = await _connection.ReadAsync(_incoming, cancellationToken);
        }
        catch (IOException failure)
        {
            throw _faults.Truncated(failure);
        }

        _engine.Feed(count > 0 ? _incoming.AsSpan(0, count) : throw _faults.Truncated());
    }

    // Bytes taken from the engine are in order only while one sends: callers hold _sending, or are alone as in the handshake.
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_isSendingBroken)
        {
            throw new IOException($"Nothing more can be sent to {_faults.Server}: an earlier write failed or was cancelled half-way.");
        }

        try
        {
            while (_engine.TakeOutput(_outgoing) is var count and > 0)
            {
                await _connection.WriteAsync(_outgoing.AsMemory(0, count), cancellationToken);
            }

            await _connection.FlushAsync(cancellationToken);
        }
        catch
        {
            _isSendingBroken = true;
            throw;
        }
    }

    // What reading gives rise to (key updates). A writer under way sends it along, so that reading never waits for writing.
    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        if (_engine.PendingOutput == 0 || !await _sending.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return;
        }

        try
        {
            await SendAsync(cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task SendAlertAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The alert is a courtesy; the failure that it tells of is reported anyway.
        }
    }

    // A server that refuses a client certificate closes at once, and a write may meet that before anyone reads why.
    private async Task<TlsException?> ReasonAsync()
    {
        using var limit = new CancellationTokenSource(GoodbyeTimeout, _time);
        try
        {
            _ = await ReadAsync(Memory<byte>.Empty, limit.Token);
        }
        catch (TlsException reason) when (reason.Failure != TlsFailure.Truncated)
        {
            return reason;
        }
        catch (Exception other) when (other is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Nothing better than the write's own failure is known.
        }

        return null;
    }

    private async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(GoodbyeTimeout, _time);
        try
        {
            await _sending.WaitAsync(limit.Token);
            try
            {
                _engine.CloseNotify();
                await SendAsync(limit.Token);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone: there is no one to say goodbye to.
        }

        await _connection.DisposeAsync();
        _engine.Dispose();
    }
}
