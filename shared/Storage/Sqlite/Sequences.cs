namespace Ebb.Storage.Sqlite;

/// <summary>Keeps messages with one sequence key in order: only the first of them can be taken.</summary>
internal static class Sequences
{
    // Postponed ones before the first that is not. The plus keeps the place from being the way to them: that would read the whole queue.
    private const string Passed =
        """
        select m.seq from messages m, (
            select position, visible_at from messages
            where queue = $1 and sequence_key = $2 and place <> 3 and postponed = 0 order by position limit 1) first
        where m.queue = $1 and m.sequence_key = $2 and m.place <> 3 and +m.place in (1, 2) and m.postponed = 1 and m.position < first.position and m.visible_at > first.visible_at
        order by m.position
        """;

    private const string Head = "select seq, place, due from messages where queue = $1 and sequence_key = $2 and place <> 3 order by position limit 1";

    /// <summary>
    /// Lets the first message of a sequence run when it only waited to be the first. Postponed ones before the first that is not go to the end
    /// when that one can run sooner. What it does is right at any time.
    /// </summary>
    public static void MoveUp(Work work, string queue, string key)
    {
        foreach (var seq in work.Session.Rows(Passed, static row => row.GetInt64(0), queue, key))
            work.Session.Execute("update messages set place = 2, position = $2 where seq = $1", seq, work.TakeNumber());
        var head = work.Session.First(
            Head, static row => ((long Seq, MessagePlace Place, TimeSpan Due)?)(row.GetInt64(0), (MessagePlace)row.GetInt64(1), new(row.GetInt64(2))), queue, key);
        if (head is not { Place: MessagePlace.Behind } next)
            return;
        var place = next.Due > work.Now.Monotonic ? MessagePlace.Delayed : MessagePlace.Ready;
        work.Session.Execute("update messages set place = $2, due = $3 where seq = $1", next.Seq, place, place == MessagePlace.Ready ? TimeSpan.Zero : next.Due);
        if (place == MessagePlace.Ready)
            work.WokenQueues.Add(queue);
    }
}
