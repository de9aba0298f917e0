namespace Ebb.EtcdBackup;

/// <summary>A snapshot was not taken, stored, or read. The message says what failed, why, and what to do; it holds no secret.</summary>
public sealed class SnapshotException(SnapshotFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public SnapshotFailure Failure { get; } = failure;

    /// <summary>Whether asking another member may help.</summary>
    internal bool ConcernsOneMember => Failure is not (SnapshotFailure.ConfigurationFile
        or SnapshotFailure.CorruptAlarm or SnapshotFailure.DifferentClusters or SnapshotFailure.ReadBack or SnapshotFailure.Busy);
}
