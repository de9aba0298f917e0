namespace Ebb.Grpc;

/// <summary>How a server is reached.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>A PEM file with the CA certificates the server's certificate must chain to; null: those of the system. Read again when it changes.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the client's certificate; null: none. Read again for every connection.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// Sends the requests instead of the channel's own sockets: for a TLS of one's own. The files above then mean nothing. Disposed with
    /// the channel.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The longest message that is accepted, decompressed. Default 4 MiB.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The time to open a connection, TLS included. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection with open calls may be silent before it is pinged; a ping not answered for as long ends its calls. Default 30 s.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The User-Agent header. Default <c>ebb</c>.</summary>
    public string UserAgent { get; init; } = "ebb";
}
