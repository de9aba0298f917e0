using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ebb.EtcdBackup.Compression;

/// <summary>
/// Decompresses zstd frames while they are read (RFC 8878), several one after the other as the zstd tool does. Asynchronous
/// only. That the input is whole is known only when it returns 0; frames without a checksum, which zstd allows, may hold
/// changed content.
/// </summary>
public sealed class ZstdDecompressStream : ZstdStream
{
    /// <summary>
    /// The largest window, and so about the memory: 64 MiB. Level 19 needs 8 MiB, talos-backup up to 8 MiB; only
    /// <c>zstd --ultra -22</c> and <c>--long</c> ask for more.
    /// </summary>
    public const int MaxWindowLog = 26;

    private const int InputBytes = 128 * 1024;

    private readonly Stream _input;
    private readonly bool _leaveOpen;
    private readonly Decompressor _decompressor = new();
    private readonly byte[] _compressed = new byte[InputBytes];
    private int _position;
    private int _filled;
    private bool _isInFrame;
    private bool _isAnyFrame;
    private bool _isDone;
    private ZstdException? _failure;
    private bool _isDisposed;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="input">The frames.</param>
    /// <param name="leaveOpen">False to have <paramref name="input"/> disposed with this stream.</param>
    public ZstdDecompressStream(Stream input, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(input);
        (_input, _leaveOpen) = (input, leaveOpen);
        _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
    }

    public override bool CanRead => !_isDisposed;

    /// <summary>Gives content; 0 only at the end of whole frames.</summary>
    /// <exception cref="ZstdException">It is no zstd, it was changed or cut, or it needs too much memory.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_failure is not null)
        {
            throw new ZstdException(_failure.Message, _failure);
        }

        var written = 0;
        while (written == 0 && !buffer.IsEmpty && !_isDone)
        {
            // What the decompressor still holds comes out first: it may have more to give without further input.
            written = Decompress(buffer.Span);
            if (written == 0 && _position == _filled)
            {
                await FillAsync(cancellationToken);
            }
        }

        return written;
    }

    /// <summary>Disposes the input too, unless it was to be left open.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Forget() && !_leaveOpen)
        {
            await _input.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Forget() && !_leaveOpen)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Decompress(Span<byte> destination)
    {
        if (!_isInFrame && _position == _filled)
        {
            return 0;
        }

        var status = _decompressor.UnwrapStream(_compressed.AsSpan(_position.._filled), destination, out var consumed, out var written);
        if (status == OperationStatus.InvalidData)
        {
            throw Fail($"it is no zstd, it was changed, or it needs more than {1 << (MaxWindowLog - 20)} MiB of memory (zstd --ultra or --long, which zstd -d --long=31 reads)");
        }

        _position += consumed;
        _isInFrame = status != OperationStatus.Done;
        _isAnyFrame = true;
        return written;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        (_position, _filled) = (0, await _input.ReadAsync(_compressed, cancellationToken));
        if (_filled > 0)
        {
            return;
        }

        _isDone = _isInFrame ? throw Fail("it is cut: the end of its last frame is missing")
            : _isAnyFrame ? true : throw Fail("it is empty");
    }

    private ZstdException Fail(string what)
    {
        _failure = new ZstdException($"The zstd content cannot be decompressed: {what}.");
        return _failure;
    }

    private bool Forget()
    {
        var isFirst = !_isDisposed;
        _isDisposed = true;
        Array.Clear(_compressed);
        _decompressor.Dispose();
        return isFirst;
    }
}
