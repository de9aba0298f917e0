using System.Net;
using System.Net.Sockets;
using System.Text;
using Ebb.OpenSsl.Interop;
using Ebb.OpenSsl.Tls;

namespace Ebb.OpenSsl;

/// <summary>
/// Opens TLS 1.2 and 1.3 connections with OpenSSL, with every kind of key that OpenSSL knows, Ed25519 included. Safe for
/// concurrent use; connections that are open survive its disposal.
/// </summary>
public sealed class TlsClient : IDisposable
{
    private const int SetMode = 33;
    private const int SetSessionCache = 44;
    private const int SetServerName = 55;
    private const int SetMinimumVersion = 123;
    private const int Tls12 = 0x0303;
    private const int PartialWrites = 0x1 | 0x2;
    private const ulong NoRenegotiation = 1UL << 30;
    private const uint OnlyAlternativeNames = 0x4 | 0x20;

    private readonly TlsContextHandle _context;
    private readonly TlsClientOptions _options;
    private readonly bool _hasCertificate;

    private TlsClient(TlsContextHandle context, TlsClientOptions options)
    {
        _context = context;
        _hasCertificate = !options.Key.IsEmpty;

        // Without the key, which OpenSSL holds from here on.
        _options = new TlsClientOptions
        {
            Authorities = default,
            ApplicationProtocol = options.ApplicationProtocol,
            HandshakeTimeout = options.HandshakeTimeout,
            Time = options.Time,
        };
    }

    /// <summary>Reads certificates and key; afterwards the caller may overwrite them.</summary>
    /// <exception cref="TlsCredentialsException">They cannot be used; every problem is listed.</exception>
    /// <exception cref="OpenSslMissingException">OpenSSL 3 is not installed.</exception>
    public static TlsClient Create(TlsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OpenSslLibrary.Require();
        LibCrypto.ERR_clear_error();
        var context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        if (context.IsInvalid)
        {
            throw new TlsCredentialsException([$"OpenSSL gave no TLS settings: {OpenSslErrors.TakeText()}."]);
        }

        try
        {
            var problems = new List<string>();
            Configure(context, options.ApplicationProtocol, problems);
            new TlsCredentials(context, problems).Load(options);
            return problems.Count == 0 ? new TlsClient(context, options) : throw new TlsCredentialsException(problems);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Connects and authenticates for <see cref="SocketsHttpHandler.ConnectCallback"/>. What it returns is encrypted already, so
    /// requests say <c>http://</c>, version 2.0 and <see cref="HttpVersionPolicy.RequestVersionExact"/> (HTTP/2 with prior knowledge).
    /// </summary>
    /// <exception cref="TlsException">The handshake failed.</exception>
    /// <exception cref="SocketException">No connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await ConnectAsync(context.DnsEndPoint, cancellationToken);
    }

    /// <summary>Connects to a host name or address over TCP and authenticates the server by that same name or address.</summary>
    /// <exception cref="TlsException">The handshake failed or took too long.</exception>
    /// <exception cref="SocketException">No connection.</exception>
    public async Task<TlsClientStream> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        var faults = Faults($"{server.Host}:{server.Port}");
        return await WithinTimeoutAsync(faults, async limited =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(server, limited);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            return await AuthenticateAsync(new NetworkStream(socket, ownsSocket: true), server.Host, faults, limited);
        }, cancellationToken);
    }

    /// <summary>Makes a connection that is there already a TLS connection. It belongs to the result; on failure it is disposed.</summary>
    /// <param name="connection">Carries bytes both ways.</param>
    /// <param name="host">Name or address that the server's certificate must hold, as an alternative name (the common name does not count).</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TlsException">The handshake failed or took too long.</exception>
    public Task<TlsClientStream> AuthenticateAsync(Stream connection, string host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(host);
        var faults = Faults(host);
        return WithinTimeoutAsync(faults, limited => AuthenticateAsync(connection, host, faults, limited), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private async Task<TlsClientStream> AuthenticateAsync(Stream connection, string host, TlsFaults faults, CancellationToken cancellationToken)
    {
        TlsClientStream? stream = null;
        try
        {
            stream = new TlsClientStream(connection, new TlsEngine(NewConnection(host), faults), faults, _options.Time);
            await stream.HandshakeAsync(_options.ApplicationProtocol, cancellationToken);
            return stream;
        }
        catch
        {
            await (stream ?? connection).DisposeAsync();
            throw;
        }
    }

    private TlsHandle NewConnection(string host)
    {
        var tls = LibSsl.SSL_new(_context);
        Ensure(tls.IsInvalid ? 0 : 1, host);
        var parameters = LibSsl.SSL_get0_param(tls);
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out var address))
        {
            Ensure(LibCrypto.X509_VERIFY_PARAM_set1_ip_asc(parameters, new IPAddress(address.GetAddressBytes()).ToString()), host);
            return tls;
        }

        LibCrypto.X509_VERIFY_PARAM_set_hostflags(parameters, OnlyAlternativeNames);
        Ensure(LibCrypto.X509_VERIFY_PARAM_set1_host(parameters, name, (nuint)Encoding.UTF8.GetByteCount(name)), host);
        Ensure((int)LibSsl.SSL_ctrl_name(tls, SetServerName, 0, name), host);
        return tls;
    }

    private static void Ensure(int result, string host)
    {
        if (result != 1)
        {
            throw new TlsException(TlsFailure.Other, $"'{host}' cannot be used as a server's name: {OpenSslErrors.TakeText()}.");
        }
    }

    private async Task<TlsClientStream> WithinTimeoutAsync(TlsFaults faults, Func<CancellationToken, Task<TlsClientStream>> connect, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await connect(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw faults.TimedOut(_options.HandshakeTimeout);
        }
    }

    private TlsFaults Faults(string server) => new(server, _hasCertificate, _options.ApplicationProtocol);

    private static unsafe void Configure(TlsContextHandle context, string? protocol, List<string> problems)
    {
        _ = LibSsl.SSL_CTX_ctrl(context, SetMinimumVersion, Tls12, 0);
        _ = LibSsl.SSL_CTX_ctrl(context, SetMode, PartialWrites, 0);
        _ = LibSsl.SSL_CTX_ctrl(context, SetSessionCache, 0, 0);
        _ = LibSsl.SSL_CTX_set_options(context, NoRenegotiation);
        LibSsl.SSL_CTX_set_verify(context, 1, &VerificationFailure.OnVerified);
        if (protocol is null)
        {
            return;
        }

        byte[] offered = [(byte)protocol.Length, .. Encoding.ASCII.GetBytes(protocol)];
        if (protocol.Length is 0 or > 255 || LibSsl.SSL_CTX_set_alpn_protos(context, offered, (uint)offered.Length) != 0)
        {
            problems.Add($"'{protocol}' is no application protocol: a name such as 'h2' is.");
        }
    }
}
