namespace Ebb.EtcdBackup.Configuration;

/// <summary>How etcd is reached: <c>EtcdBackup:Endpoints</c>, <c>CaFile</c>, <c>CertificateFile</c>, <c>KeyFile</c>, <c>User</c>, <c>PasswordFile</c>.</summary>
public sealed record EtcdOptions
{
    /// <summary>The members: <c>https://10.0.0.1:2379</c>.</summary>
    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    /// <summary>PEM certificates of the authorities of etcd's server certificates. Must be there for <c>https</c>. Read in each run.</summary>
    public string? CaFile { get; init; }

    /// <summary>The client's certificate in PEM; null for none. Read in each run.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The key of <see cref="CertificateFile"/> in PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A user of etcd with the role root; null where etcd's authentication is off or goes by certificate.</summary>
    public string? User { get; init; }

    /// <summary>A file with the user's password. Read in each run.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Whether a member is reached over TLS; where none is, no certificate is read.</summary>
    internal bool HasTls => Endpoints.Any(endpoint => endpoint.Scheme == "https");
}
