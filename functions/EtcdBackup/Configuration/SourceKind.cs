namespace Ebb.EtcdBackup.Configuration;

/// <summary>Where snapshots come from.</summary>
public enum SourceKind
{
    /// <summary>etcd itself.</summary>
    Etcd,

    /// <summary>The Talos API of the control planes.</summary>
    Talos,
}
