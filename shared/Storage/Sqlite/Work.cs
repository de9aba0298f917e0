namespace Ebb.Storage.Sqlite;

/// <summary>What the operations of one transaction share: the connection, the moment, and whom to wake once it is committed.</summary>
internal sealed class Work(SqliteSession session, Instant now, long nextNumber)
{
    public SqliteSession Session => session;

    public Instant Now { get; set; } = now;

    /// <summary>The queues that got a message ready.</summary>
    public HashSet<string> WokenQueues { get; } = [];

    /// <summary>The runs that ended.</summary>
    public List<RunId> EndedRuns { get; } = [];

    /// <summary>The next of the numbers that order messages and runs.</summary>
    public long NextNumber { get; set; } = nextNumber;

    public long TakeNumber() => NextNumber++;

    /// <summary>Forgets whom to wake: the transaction was taken back.</summary>
    public void Clear()
    {
        WokenQueues.Clear();
        EndedRuns.Clear();
    }

    /// <summary>Notes the runs whose ids a statement returned.</summary>
    /// <returns>How many.</returns>
    public int End(string sql, params ReadOnlySpan<object?> values)
    {
        var ended = session.Rows(sql, static row => new RunId(row.GetGuid(0)), values);
        EndedRuns.AddRange(ended);
        return ended.Count;
    }

    /// <summary>Notes the queues whose names a statement returned.</summary>
    public void Wake(string sql, params ReadOnlySpan<object?> values) =>
        WokenQueues.UnionWith(session.Rows(sql, static row => row.GetString(0), values));
}
