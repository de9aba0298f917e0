namespace Ebb.TestServers.Postgres;

/// <summary>How a <see cref="PostgresServer"/> runs.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Whether commits reach the disk. Without it a killed server still loses nothing, since the machine lives on.</summary>
    public bool Fsync { get; init; }

    /// <summary>The superuser's password; null lets everybody in.</summary>
    public string? Password { get; init; }

    /// <summary>Whether the server speaks TLS, with a certificate for 127.0.0.1 and localhost.</summary>
    public bool Tls { get; init; }

    /// <summary>Further settings, such as <c>max_connections=20</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
