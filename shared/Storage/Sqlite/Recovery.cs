namespace Ebb.Storage.Sqlite;

/// <summary>Takes over what another process left: the lock proves that it is dead.</summary>
internal static class Recovery
{
    /// <summary>Frees its leases, ends its HTTP runs, and counts what is left of delays on this process's clock.</summary>
    public static bool Run(Work work)
    {
        MessageTable.Lapse(work, TimeSpan.MaxValue);
        RunTable.EndOrphans(work);
        var delayed = work.Session.Rows(
            "select seq, visible_at, delay from messages where due > 0 and place in (1, 2)",
            static row => (Seq: row.GetInt64(0), VisibleAt: row.GetFieldValue<DateTimeOffset>(1), Delay: new TimeSpan(row.GetInt64(2))));
        foreach (var (seq, visibleAt, delay) in delayed)
        {
            // What was due long ago, before this clock began, is due all the same: zero would say that it waits for no time.
            var due = work.Now.Due(visibleAt, delay);
            work.Session.Execute("update messages set due = $2 where seq = $1", seq, due > TimeSpan.Zero ? due : TimeSpan.FromTicks(1));
        }
        MessageTable.Arrive(work);
        return true;
    }
}
