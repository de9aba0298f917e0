using System.Security.Cryptography.X509Certificates;
using Ebb.Http.Proxies;

namespace Ebb.Http;

/// <summary>How a server is reached.</summary>
public sealed record TransportOptions
{
    /// <summary>A PEM file with the CA certificates the server's certificate must chain to; null: those of the system. Read again when it changes.</summary>
    public string? CaFile { get; init; }

    /// <summary>The CA certificates in PEM, where there is no file; null: those of <see cref="CaFile"/>, else the system's.</summary>
    public string? CaPem { get; init; }

    /// <summary>Accepts any server certificate. For a person's explicit wish only. Default false.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>Asked at each new TLS connection for the client certificate; null, or an answer of null: none is shown.</summary>
    public Func<X509Certificate2?>? ClientCertificate { get; init; }

    /// <summary>Which requests go through a proxy. Default: as this process's environment says.</summary>
    public ProxyRule Proxy { get; init; } = ProxyRule.Environment;

    /// <summary>Requests to one host at once, a streamed body counting until it is disposed; half of them are for streamed bodies. Default 16.</summary>
    public int MaxConcurrentRequests { get; init; } = 16;

    /// <summary>The time to open a connection, TLS included. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Retries and time-outs.</summary>
    public ResilienceOptions Resilience { get; init; } = new();

    /// <summary>Called before each attempt, repetitions included; for counting.</summary>
    public Action<HttpRequestMessage>? OnAttempt { get; init; }

    /// <summary>The User-Agent header. Default <c>ebb</c>.</summary>
    public string UserAgent { get; init; } = "ebb";
}
