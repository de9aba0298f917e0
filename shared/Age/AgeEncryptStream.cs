using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>
/// Encrypts what is written and passes it on, in the memory of a few chunks (age v1, binary). Asynchronous only. The file is
/// whole only after <see cref="CompleteAsync"/>: one that is disposed before ends without its last chunk, which every reader
/// refuses.
/// </summary>
public sealed class AgeEncryptStream : AgeStream
{
    private readonly Stream _output;
    private readonly PayloadCipher _cipher;
    private readonly bool _leaveOpen;
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(PayloadCipher.ChunkBytes, pinned: true);
    private readonly byte[] _sealed = new byte[PayloadCipher.SealedBytes];
    private int _filled;
    private State _state;

    private AgeEncryptStream(Stream output, PayloadCipher cipher, bool leaveOpen) => (_output, _cipher, _leaveOpen) = (output, cipher, leaveOpen);

    private enum State
    {
        Open,
        Broken,
        Complete,
        Disposed,
    }

    /// <inheritdoc/>
    public override bool CanWrite => _state == State.Open;

    /// <summary>Writes the header for the recipients, any of whom can decrypt.</summary>
    /// <param name="output">Gets the encrypted file.</param>
    /// <param name="recipients">1 to 1,000.</param>
    /// <param name="leaveOpen">False to have <paramref name="output"/> disposed with this stream.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">No recipients, or too many.</exception>
    /// <exception cref="OpenSsl.OpenSslException">OpenSSL 3 is missing, or a recipient's key is of low order.</exception>
    public static async Task<AgeEncryptStream> CreateAsync(Stream output, IReadOnlyCollection<AgeRecipient> recipients, bool leaveOpen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(recipients);
        using var fileKey = FileKey.Generate();
        var nonce = RandomNumberGenerator.GetBytes(FileKey.NonceLength);
        byte[] beginning = [.. Header.Write(fileKey, recipients), .. nonce];
        var cipher = fileKey.Payload(nonce);
        try
        {
            await output.WriteAsync(beginning, cancellationToken);
            return new AgeEncryptStream(output, cipher, leaveOpen);
        }
        catch
        {
            cipher.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts; up to 64 KiB wait for more or for <see cref="CompleteAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">The file is complete, or an earlier write failed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        while (!buffer.IsEmpty)
        {
            // A full chunk waits for the next byte: only then is it known not to be the last.
            if (_filled == _chunk.Length)
            {
                await SendAsync(isLast: false, cancellationToken);
            }

            var count = Math.Min(buffer.Length, _chunk.Length - _filled);
            buffer.Span[..count].CopyTo(_chunk.AsSpan(_filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Writes the last chunk, which makes the file whole, and flushes the output. Once.</summary>
    /// <exception cref="InvalidOperationException">The file is complete already, or an earlier write failed.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        RequireOpen();
        await SendAsync(isLast: true, cancellationToken);
        _state = State.Broken;
        await _output.FlushAsync(cancellationToken);
        _state = State.Complete;
    }

    /// <summary>Flushes the output; what waits for its chunk to fill goes on waiting.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    /// <summary>Ends without completing. The output is disposed too, unless it was to be left open.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Forget() && !_leaveOpen)
        {
            await _output.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Forget() && !_leaveOpen)
        {
            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SendAsync(bool isLast, CancellationToken cancellationToken)
    {
        // What is cut by a failure must never be continued: the count of chunks would not fit any more.
        _state = State.Broken;
        _cipher.Seal(_chunk.AsSpan(0, _filled), isLast, _sealed);
        await _output.WriteAsync(_sealed.AsMemory(0, _filled + PayloadCipher.TagBytes), cancellationToken);
        _filled = 0;
        _state = State.Open;
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state != State.Open)
        {
            throw new InvalidOperationException(_state == State.Complete ? "The age file is complete already." : "An earlier write of this age file failed; begin a new file.");
        }
    }

    private bool Forget()
    {
        var isFirst = _state != State.Disposed;
        _state = State.Disposed;
        CryptographicOperations.ZeroMemory(_chunk);
        _cipher.Dispose();
        return isFirst;
    }
}
