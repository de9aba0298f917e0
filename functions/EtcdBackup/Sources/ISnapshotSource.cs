namespace Ebb.EtcdBackup.Sources;

/// <summary>Where snapshots come from: etcd or Talos.</summary>
internal interface ISnapshotSource
{
    /// <summary>The source's name in sidecars: <c>etcd</c> or <c>talos</c>.</summary>
    string Kind { get; }

    /// <summary>The members that are configured, none asked yet. Files are read anew each time. The caller disposes them.</summary>
    /// <exception cref="SnapshotException">A file cannot be used.</exception>
    Task<IReadOnlyList<SnapshotMember>> OpenAsync(CancellationToken cancellationToken);
}
