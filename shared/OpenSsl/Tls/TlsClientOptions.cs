namespace Ebb.OpenSsl;

/// <summary>Whom a TLS client trusts and how it shows who it is. Everything is PEM; text around the blocks is ignored.</summary>
public sealed class TlsClientOptions
{
    /// <summary>Certificates of the authorities (<c>CERTIFICATE</c>). Only these are trusted, never the system's.</summary>
    public required ReadOnlyMemory<byte> Authorities { get; init; }

    /// <summary>The client's certificate, followed by those between it and the server's authority. Empty for none.</summary>
    public ReadOnlyMemory<byte> Certificates { get; init; }

    /// <summary>
    /// The key of the first certificate: <c>PRIVATE KEY</c>, <c>ED25519 PRIVATE KEY</c> (Talos' label for the same PKCS#8),
    /// <c>EC PRIVATE KEY</c> or <c>RSA PRIVATE KEY</c>. It is read during <see cref="TlsClient.Create"/> only; the caller may overwrite it then.
    /// </summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Offered to the server and required of it (ALPN, RFC 7301). Default <c>h2</c>; null offers none.</summary>
    public string? ApplicationProtocol { get; init; } = "h2";

    /// <summary>How long connecting and the handshake may take together. Default 15 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Measures <see cref="HandshakeTimeout"/>. Whether certificates are valid, OpenSSL decides by the system's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
