namespace Ebb.EtcdBackup.Sources;

/// <summary>A member that can be asked for its snapshot.</summary>
internal abstract class SnapshotMember : IDisposable
{
    /// <summary>The endpoint or node, for people.</summary>
    public abstract string Name { get; }

    /// <summary>What it says of itself, and the members with the alarm CORRUPT.</summary>
    /// <exception cref="SnapshotException">It cannot be asked.</exception>
    public abstract Task<(MemberState State, IReadOnlyList<ulong> Corrupt)> AskAsync(CancellationToken cancellationToken);

    /// <summary>The revision and the number of keys now; null where the source does not tell.</summary>
    /// <exception cref="SnapshotException">It cannot be asked.</exception>
    public abstract Task<(long Revision, long Keys)?> CountAsync(CancellationToken cancellationToken);

    /// <summary>The snapshot, piece by piece. Pieces may be empty. Ends without an error only when the server said that it ended well.</summary>
    /// <exception cref="SnapshotException">It ended otherwise.</exception>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connections.</summary>
    protected abstract void Dispose(bool disposing);
}
