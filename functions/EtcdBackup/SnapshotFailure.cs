namespace Ebb.EtcdBackup;

/// <summary>Why there is no snapshot, or why one cannot be used.</summary>
public enum SnapshotFailure
{
    /// <summary>A file that the configuration names cannot be read or is not what it should be.</summary>
    ConfigurationFile,

    /// <summary>No connection, or no answer in time.</summary>
    Unreachable,

    /// <summary>The server's certificate has expired or is not valid yet.</summary>
    CertificateExpired,

    /// <summary>The server's certificate comes from another authority.</summary>
    WrongAuthority,

    /// <summary>The server's certificate is for other names.</summary>
    WrongServerName,

    /// <summary>The server refused our certificate, user, password or role.</summary>
    LoginRefused,

    /// <summary>TLS failed in another way.</summary>
    Tls,

    /// <summary>The server answered with an error.</summary>
    ServerError,

    /// <summary>The member is a learner, which may be far behind.</summary>
    Learner,

    /// <summary>The member sees no leader.</summary>
    NoLeader,

    /// <summary>etcd raised the alarm CORRUPT: its own data cannot be trusted.</summary>
    CorruptAlarm,

    /// <summary>The endpoints belong to different clusters.</summary>
    DifferentClusters,

    /// <summary>Nothing, or not all of it, came.</summary>
    Truncated,

    /// <summary>The connection broke while the snapshot was under way.</summary>
    ConnectionLost,

    /// <summary>Nothing came for longer than <c>EtcdBackup:ProgressTimeout</c>.</summary>
    Stalled,

    /// <summary>The SHA-256 at the end is not that of what came before.</summary>
    WrongTrailer,

    /// <summary>What the store gives back is not what was sent to it.</summary>
    ReadBack,

    /// <summary>Another run is taking a snapshot of this cluster.</summary>
    Busy,

    /// <summary>There is no such backup.</summary>
    NotFound,

    /// <summary>A stored object is not what its sidecar says.</summary>
    Changed,
}
