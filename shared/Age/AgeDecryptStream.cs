using System.Security.Cryptography;

namespace Ebb.Age;

/// <summary>
/// Decrypts an age file while it is read, in the memory of a few chunks (age v1, binary). Asynchronous only. Every byte it
/// gives is authenticated; that the file is whole is known only when it returns 0, so who acts on the content before that acts
/// on the beginning of a file.
/// </summary>
public sealed class AgeDecryptStream : AgeStream
{
    private readonly BufferedInput _input;
    private readonly PayloadCipher _cipher;
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(PayloadCipher.ChunkBytes, pinned: true);
    private int _position;
    private int _filled;
    private bool _isFirst = true;
    private bool _isLast;
    private bool _isDone;
    private AgeException? _failure;
    private bool _isDisposed;

    private AgeDecryptStream(BufferedInput input, PayloadCipher cipher) => (_input, _cipher) = (input, cipher);

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <summary>Reads the header and finds the identity that opens it. On failure the input stays the caller's to dispose.</summary>
    /// <param name="input">The encrypted file.</param>
    /// <param name="identities">Tried one after the other.</param>
    /// <param name="leaveOpen">False to have <paramref name="input"/> disposed with this stream.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AgeException">It is no age file, it is for others, or its header was changed.</exception>
    public static async Task<AgeDecryptStream> OpenAsync(Stream input, IReadOnlyCollection<AgeIdentity> identities, bool leaveOpen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(identities);
        var buffered = new BufferedInput(input, leaveOpen);
        var header = await buffered.ReadHeaderAsync(cancellationToken);
        using var fileKey = Header.Open(header, identities);
        var nonce = await buffered.FillAsync(FileKey.NonceLength, cancellationToken);
        if (nonce.Length < FileKey.NonceLength)
        {
            throw HeaderParser.Malformed("the file ends before its content begins");
        }

        var cipher = fileKey.Payload(nonce.Span);
        buffered.Consume(FileKey.NonceLength);
        return new AgeDecryptStream(buffered, cipher);
    }

    /// <summary>Gives authenticated content; 0 only at the end of a whole file.</summary>
    /// <exception cref="AgeException">The file was changed, cut or continued; everything read before was authentic.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_failure is not null)
        {
            throw new AgeException(_failure.Failure, _failure.Message, _failure);
        }

        while (_position == _filled && !_isDone)
        {
            await NextAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _filled - _position);
        _chunk.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    /// <summary>Overwrites what was decrypted and disposes the input, unless it was to be left open.</summary>
    public override async ValueTask DisposeAsync()
    {
        Forget();
        await _input.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        var chunk = await _input.FillAsync(_isLast ? 1 : PayloadCipher.SealedBytes, cancellationToken);
        if (_isLast)
        {
            _isDone = chunk.IsEmpty ? true : throw Fail("it goes on after its last chunk");
            return;
        }

        Open(chunk.Span);
        _input.Consume(chunk.Length);
    }

    private void Open(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            throw Fail("it is cut: the last chunk is missing");
        }

        // Only a full chunk may have others after it, and it may still be the last one.
        var isFull = chunk.Length == PayloadCipher.SealedBytes;
        if (!(isFull && _cipher.TryOpen(chunk, isLast: false, _chunk)))
        {
            _isLast = _cipher.TryOpen(chunk, isLast: true, _chunk) ? true : throw Fail("a chunk was changed, or the file is cut");
        }

        (_position, _filled) = (0, chunk.Length - PayloadCipher.TagBytes);
        if (_filled == 0 && !_isFirst)
        {
            throw Fail("its last chunk is empty");
        }

        _isFirst = false;
    }

    private AgeException Fail(string what)
    {
        _failure = new AgeException(AgeFailure.Payload, $"The content of the age file is not authentic: {what}.");
        return _failure;
    }

    private void Forget()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_chunk);
        _cipher.Dispose();
    }
}
