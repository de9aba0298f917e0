namespace Ebb.OpenSsl;

/// <summary>Why a TLS connection did not come about or broke.</summary>
public enum TlsFailure
{
    /// <summary>The server's certificate chain does not end at a given authority.</summary>
    UnknownAuthority,

    /// <summary>The server's certificate is for other names or addresses.</summary>
    WrongServerName,

    /// <summary>The server's certificate, or one above it, has expired.</summary>
    CertificateExpired,

    /// <summary>The server's certificate, or one above it, is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>The server's certificate is wrong in another way: not for servers, bad signature, key too weak.</summary>
    InvalidServerCertificate,

    /// <summary>The server wants a client certificate and none is configured.</summary>
    ClientCertificateRequired,

    /// <summary>The server refused the client certificate, or wants one of another authority.</summary>
    ClientCertificateRefused,

    /// <summary>The server did not agree to the application protocol (ALPN, RFC 7301).</summary>
    NoApplicationProtocol,

    /// <summary>The server speaks no TLS, or none that is new enough.</summary>
    NoCommonProtocol,

    /// <summary>The handshake took longer than <see cref="TlsClientOptions.HandshakeTimeout"/>.</summary>
    TimedOut,

    /// <summary>The connection ended without TLS's end mark (close_notify): what was read may not be all.</summary>
    Truncated,

    /// <summary>Anything else; the message holds OpenSSL's words.</summary>
    Other,
}
