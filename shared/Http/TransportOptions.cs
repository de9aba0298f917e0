namespace Ebb.Http;

/// <summary>How a server is reached.</summary>
public sealed record TransportOptions
{
    /// <summary>A PEM file with the CA certificates the server's certificate must chain to; null: those of the system. Read again when it changes.</summary>
    public string? CaFile { get; init; }

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
