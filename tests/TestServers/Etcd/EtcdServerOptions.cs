namespace Ebb.TestServers.Etcd;

/// <summary>How a real etcd is started.</summary>
public sealed record EtcdServerOptions
{
    /// <summary>The server's certificate and key; null for plain HTTP.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>The authority of client certificates; null for none wanted.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>A data directory that etcdutl restored; null for an empty one.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The member's name; what was restored must be started under the same.</summary>
    public string Name { get; init; } = "member";

    /// <summary>The peer port; what was restored must be started on the same. 0: a free one.</summary>
    public int PeerPort { get; init; }

    /// <summary>How large the database may become; 0: etcd's default of 2 GB.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>How long a token of a user who logged in lives; null for etcd's default of five minutes.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    /// <summary>The server program; null for the one of <see cref="EtcdPrograms"/>.</summary>
    public string? Program { get; init; }
}
