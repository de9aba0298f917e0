using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ebb.EtcdBackup.Compression;

/// <summary>
/// Compresses what is written and passes it on as one zstd frame with a checksum (RFC 8878). Asynchronous only. The frame is
/// whole only after <see cref="CompleteAsync"/>: one that is disposed before has no last block, which every reader refuses.
/// </summary>
public sealed class ZstdCompressStream : ZstdStream
{
    /// <summary>What the zstd tool uses too.</summary>
    public const int DefaultLevel = 3;

    private const int OutputBytes = 128 * 1024;

    private readonly Stream _output;
    private readonly bool _leaveOpen;
    private readonly Compressor _compressor;
    private readonly byte[] _compressed = new byte[OutputBytes];
    private State _state;

    /// <summary>Begins a frame; nothing is written yet.</summary>
    /// <param name="output">Gets the compressed frame.</param>
    /// <param name="leaveOpen">False to have <paramref name="output"/> disposed with this stream.</param>
    /// <param name="level">1 (quick) to 19 (small). Default 3.</param>
    public ZstdCompressStream(Stream output, bool leaveOpen, int level = DefaultLevel)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 19);
        (_output, _leaveOpen) = (output, leaveOpen);
        _compressor = new Compressor(level);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    private enum State
    {
        Open,
        Broken,
        Complete,
        Disposed,
    }

    public override bool CanWrite => _state == State.Open;

    /// <summary>Compresses; some of it waits for more or for <see cref="CompleteAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">The frame is complete, or an earlier write failed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        while (!buffer.IsEmpty)
        {
            var status = _compressor.WrapStream(buffer.Span, _compressed, out var consumed, out var written, isFinalBlock: false);
            buffer = buffer[consumed..];
            await SendAsync(status, written, cancellationToken);
        }
    }

    /// <summary>Writes the last block and the checksum, which make the frame whole, and flushes the output. Once.</summary>
    /// <exception cref="InvalidOperationException">The frame is complete already, or an earlier write failed.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        RequireOpen();
        OperationStatus status;
        do
        {
            status = _compressor.WrapStream([], _compressed, out _, out var written, isFinalBlock: true);
            await SendAsync(status, written, cancellationToken);
        }
        while (status != OperationStatus.Done);

        _state = State.Broken;
        await _output.FlushAsync(cancellationToken);
        _state = State.Complete;
    }

    /// <summary>Ends without completing. The output is disposed too, unless it was to be left open.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Forget() && !_leaveOpen)
        {
            await _output.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Forget() && !_leaveOpen)
        {
            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask SendAsync(OperationStatus status, int written, CancellationToken cancellationToken)
    {
        // What is cut by a failure must never be continued.
        _state = State.Broken;
        if (status == OperationStatus.InvalidData)
        {
            throw new ZstdException("zstd could not compress, which only a lack of memory explains.");
        }

        await _output.WriteAsync(_compressed.AsMemory(0, written), cancellationToken);
        _state = State.Open;
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state != State.Open)
        {
            throw new InvalidOperationException(_state == State.Complete ? "The zstd frame is complete already." : "An earlier write of this zstd frame failed; begin a new one.");
        }
    }

    private bool Forget()
    {
        var isFirst = _state != State.Disposed;
        _state = State.Disposed;
        Array.Clear(_compressed);
        _compressor.Dispose();
        return isFirst;
    }
}
