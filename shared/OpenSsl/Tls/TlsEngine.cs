using System.Text;
using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl.Tls;

/// <summary>
/// OpenSSL's TLS between two memory buffers: nothing here waits for a network. One call at a time reaches OpenSSL, so that
/// one reader and one writer may use it side by side.
/// </summary>
internal sealed class TlsEngine : IDisposable
{
    private const int Pending = 10;
    private const int EndOfMemory = 130;

    private readonly Lock _gate = new();
    private readonly TlsHandle _tls;
    private readonly TlsFaults _faults;
    private readonly nint _input;
    private readonly nint _output;
    private bool _isReady;
    private TlsException? _failure;

    public TlsEngine(TlsHandle tls, TlsFaults faults)
    {
        (_tls, _faults) = (tls, faults);
        (_input, _output) = (NewBuffer(), NewBuffer());
        LibSsl.SSL_set_bio(tls, _input, _output);
        LibSsl.SSL_set_connect_state(tls);
    }

    /// <summary>Bytes that wait to be sent.</summary>
    public int PendingOutput
    {
        get
        {
            lock (_gate)
            {
                return _tls.IsClosed ? 0 : (int)LibCrypto.BIO_ctrl(_output, Pending, 0, 0);
            }
        }
    }

    public string ApplicationProtocol
    {
        get
        {
            lock (_gate)
            {
                LibSsl.SSL_get0_alpn_selected(_tls, out var name, out var length);
                return length == 0 ? string.Empty : Text(name, (int)length);
            }
        }
    }

    public TlsStatus Handshake()
    {
        lock (_gate)
        {
            RequireUsable();
            LibCrypto.ERR_clear_error();
            _ = VerificationFailure.Take();
            var status = Judge(LibSsl.SSL_do_handshake(_tls));
            _isReady |= status == TlsStatus.Done;
            return status;
        }
    }

    /// <summary>Decrypts what has come in. Into an empty buffer it only says whether there would be something.</summary>
    public TlsStatus Read(Span<byte> destination, out int count)
    {
        lock (_gate)
        {
            RequireUsable();
            LibCrypto.ERR_clear_error();
            Span<byte> one = stackalloc byte[1];
            var result = destination.IsEmpty
                ? LibSsl.SSL_peek_ex(_tls, one, 1, out var read)
                : LibSsl.SSL_read_ex(_tls, destination, (nuint)destination.Length, out read);
            count = result == 1 && !destination.IsEmpty ? (int)read : 0;
            return Judge(result);
        }
    }

    /// <summary>Encrypts the beginning of <paramref name="source"/>, one record at most, and says how much that was.</summary>
    public int Write(ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            RequireUsable();
            LibCrypto.ERR_clear_error();
            var result = LibSsl.SSL_write_ex(_tls, source, (nuint)source.Length, out var written);
            return Judge(result) == TlsStatus.Done
                ? (int)written
                : throw new TlsException(TlsFailure.Other, $"TLS with {_faults.Server} cannot send now: the server has ended the connection.");
        }
    }

    /// <summary>Takes bytes that came from the server.</summary>
    public void Feed(ReadOnlySpan<byte> received)
    {
        lock (_gate)
        {
            RequireUsable();
            if (LibCrypto.BIO_write(_input, received, received.Length) != received.Length)
            {
                throw new TlsException(TlsFailure.Other, $"OpenSSL took no more input: {OpenSslErrors.TakeText()}.");
            }
        }
    }

    /// <summary>Moves what is to be sent into <paramref name="destination"/>; 0 when there is nothing.</summary>
    public int TakeOutput(Span<byte> destination)
    {
        lock (_gate)
        {
            return _tls.IsClosed ? 0 : Math.Max(0, LibCrypto.BIO_read(_output, destination, destination.Length));
        }
    }

    /// <summary>Says goodbye (close_notify), if the connection is in a state to do so.</summary>
    public void CloseNotify()
    {
        lock (_gate)
        {
            if (_isReady && _failure is null && !_tls.IsClosed)
            {
                LibCrypto.ERR_clear_error();
                _ = LibSsl.SSL_shutdown(_tls);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _tls.Dispose();
        }
    }

    private TlsStatus Judge(int result)
    {
        var code = result == 1 ? 0 : LibSsl.SSL_get_error(_tls, result);
        switch (code)
        {
            case 0:
                return TlsStatus.Done;
            case 2:
                return TlsStatus.NeedsInput;
            case 6:
                return TlsStatus.Closed;
            default:
                // After this OpenSSL forbids every further call, SSL_shutdown included.
                _failure = _faults.Describe(_tls, OpenSslErrors.Take(), VerificationFailure.Take());
                throw _failure;
        }
    }

    // The first failure is the one worth telling, to whoever comes later and after disposal too: HttpClient disposes the
    // stream when reading fails, and reports what writing then says.
    private void RequireUsable()
    {
        if (_failure is not null)
        {
            throw new TlsException(_failure.Failure, _failure.Message, _failure);
        }

        ObjectDisposedException.ThrowIf(_tls.IsClosed, typeof(TlsClientStream));
    }

    private static nint NewBuffer()
    {
        var bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        if (bio == 0)
        {
            throw new TlsException(TlsFailure.Other, $"OpenSSL gave no memory for a connection: {OpenSslErrors.TakeText()}.");
        }

        // Empty means "not yet", not "the end".
        _ = LibCrypto.BIO_ctrl(bio, EndOfMemory, -1, 0);
        return bio;
    }

    private static unsafe string Text(nint bytes, int length) => Encoding.ASCII.GetString((byte*)bytes, length);
}
