using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>What happens to messages, in SQL. Each method belongs to one transaction.</summary>
internal static class MessageTable
{
    private const string IsPassed = "select visible_at from messages where queue = $1 and sequence_key = $2 and id <> $3 and place <> 3 order by position limit 1";

    private const string Insert =
        """
        insert into messages (
            seq, position, id, queue, place, trigger, due, delay, visible_at, created_at, function, sequence_key, idempotency_key,
            trace_parent, trace_state, caller, body)
        values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    private const string Known =
        """
        select id from messages where queue = $1 and idempotency_key = $2
        union all select id from runs where queue = $1 and idempotency_key = $2 and ended_at > $3
        """;

    private static readonly string Supersede = RunTable.MoveHere(
        state: "5", endedAt: "$3", instance: "null", errorType: "error_type", errorMessage: "error_message", result: "result", supersededBy: "$4",
        condition: "queue = $1 and sequence_key = $2 and place <> 3 and +place in (0, 1, 2)");

    private const string SetLease = "place = 4, lease_token = $2, lease_until = $3, due = $4, dequeue_count = dequeue_count + 1, postponed = 0, function = $5, instance = $6, started_at = $7, progress = null";

    private const string Take =
        $"""
        update messages set {SetLease}
        where seq in (select seq from messages where queue = $1 and place = 0 order by position limit $8)
        returning {MessageRow.Taken}
        """;

    private const string TakeOne = $"update messages set {SetLease} where id = $1";

    private const string Extend = "update messages set lease_until = $3, due = $4 where id = $1 and lease_token = $2 and place = 4";

    private static readonly string SetLapsed =
        $"""
        place = 0, due = 0, delay = 0, visible_at = $1, lease_token = null, lease_until = null, instance = null,
        attempts = {Appended("null", "$2", "$3")}, error_type = $2, error_message = $3
        """;

    private static readonly string LapseDue = $"update messages set {SetLapsed} where place = 4 and due > 0 and due <= $4 returning queue";
    private static readonly string LapseOne = $"update messages set {SetLapsed} where place = 4 and id = $4 returning queue";

    private const string Finish = "place = 4 and id = $1 and lease_token = $2";

    private static readonly string MoveFinished = RunTable.MoveHere(
        state: "$3", endedAt: "$4", instance: "instance", errorType: "$5", errorMessage: "$6", result: "$7", supersededBy: "null", condition: Finish);

    private static readonly string Retry =
        $"""
        update messages set
            place = $3, due = $4, delay = $5, visible_at = $6, attempts = {Appended("$7", "$8", "$9")}, error_type = $8, error_message = $9, result = $10,
            lease_token = null, lease_until = null, instance = null
        where {Finish}
        """;

    private const string Poison =
        $"""
        update messages set
            place = 3, due = 0, position = $3, ended_at = $4, error_type = $5, error_message = $6, result = $7, lease_token = null, lease_until = null
        where {Finish} returning id
        """;

    private const string Release =
        $"""
        update messages set
            place = $3, due = $4, delay = $5, visible_at = $6, position = coalesce($7, position), postponed = $5 > 0,
            dequeue_count = dequeue_count - 1, started_at = attempts ->> '$[#-1].startedAt', lease_token = null, lease_until = null, instance = null
        where {Finish}
        """;

    private static readonly string PutBack =
        $"""
        update messages set
            place = case when sequence_key is null then 0 else 2 end, position = $2, dequeue_count = 0, due = 0, delay = 0, visible_at = $3,
            attempts = {Appended("ended_at", "error_type", "error_message")}, ended_at = null, instance = null
        where seq = $1
        """;

    private static readonly string MovePurged = RunTable.MoveHere(
        state: "3", endedAt: "coalesce(ended_at, $3)", instance: "instance", errorType: "case when place = 3 then error_type else $4 end",
        errorMessage: "case when place = 3 then error_message else $5 end", result: "result", supersededBy: "null",
        condition: "queue = $1 and (place = 3) = $2 and place <> 4");

    /// <summary>Accepts a message, unless its idempotency key is known; runs that ended before <paramref name="kept"/> are forgotten.</summary>
    public static EnqueueResult Enqueue(Work work, EnqueueRequest request, RunId id, DateTimeOffset kept)
    {
        if (request.IdempotencyKey is { } key
            && work.Session.First(Known, static row => (RunId?)new RunId(row.GetGuid(0)), request.Queue, key, kept) is { } first)
        {
            return new(first, false);
        }

        if (request.SupersedesWaiting)
        {
            work.End(Supersede, request.Queue, request.SequenceKey, work.Now.Wall, id);
            work.Session.Execute("delete from messages where queue = $1 and sequence_key = $2 and place <> 3 and +place in (0, 1, 2)", request.Queue, request.SequenceKey);
        }

        var behind = request.SequenceKey is { } sequence
            && work.Session.Any("select 1 from messages where queue = $1 and sequence_key = $2 and place <> 3", request.Queue, sequence);
        var place = behind ? MessagePlace.Behind : request.Delay > TimeSpan.Zero ? MessagePlace.Delayed : MessagePlace.Ready;
        work.Session.Execute(
            Insert, work.TakeNumber(), id, request.Queue, place, request.Trigger, work.Now.DueIn(request.Delay), request.Delay,
            work.Now.Wall + request.Delay, work.Now.Wall, request.Function, request.SequenceKey, request.IdempotencyKey, request.TraceParent,
            request.TraceState, request.Caller, request.Body);
        if (behind)
            Sequences.MoveUp(work, request.Queue, request.SequenceKey!);
        else if (place == MessagePlace.Ready)
            work.WokenQueues.Add(request.Queue);
        return new(id, true);
    }

    /// <summary>Takes what is ready, oldest first.</summary>
    public static IReadOnlyList<LeasedMessage> Dequeue(Work work, DequeueRequest request)
    {
        var token = Guid.NewGuid();
        var taken = work.Session.Rows(
            Take, row => (Position: row.GetInt64(1), Message: MessageRow.ReadTaken(row, token)),
            request.Queue, token, work.Now.Wall + request.LeaseDuration, work.Now.DueIn(request.LeaseDuration), request.Function, request.Instance,
            work.Now.Wall, request.MaxCount);
        return [.. taken.OrderBy(one => one.Position).Select(one => one.Message)];
    }

    /// <summary>Takes one message, whatever its place.</summary>
    public static void Lease(Work work, RunId id, Guid token, string function, string instance, TimeSpan duration) => work.Session.Execute(
        TakeOne, id, token, work.Now.Wall + duration, work.Now.DueIn(duration), function, instance, work.Now.Wall);

    /// <returns>False: the lease is not held.</returns>
    public static bool Renew(Work work, RunId id, Guid token, TimeSpan duration) =>
        work.Session.Execute(Extend, id, token, work.Now.Wall + duration, work.Now.DueIn(duration)) > 0;

    /// <summary>Ends an attempt.</summary>
    /// <returns>False: the lease is not held, and nothing was changed.</returns>
    public static bool Settle(Work work, SettleItem item)
    {
        var held = item.State switch
        {
            RunState.Succeeded or RunState.Failed => MoveToRuns(work, item),
            RunState.Queued => TryAgain(work, item),
            RunState.Poisoned => work.End(
                Poison, item.Message.RunId, item.Message.LeaseToken, work.TakeNumber(), work.Now.Wall, item.Error?.Type, item.Error?.Message, item.Result) > 0,
            _ => GiveBack(work, item),
        };
        if (held && item.State != RunState.Queued && item.Message.SequenceKey is { } key)
            Sequences.MoveUp(work, item.Message.Queue, key);
        return held;
    }

    /// <summary>Frees the messages whose lease is over at a moment of the running clock.</summary>
    public static void Lapse(Work work, TimeSpan until) =>
        work.Wake(LapseDue, work.Now.Wall, RunErrors.LeaseLapsed.Type, RunErrors.LeaseLapsed.Message, until);

    /// <summary>Frees one message.</summary>
    public static void Lapse(Work work, RunId id) =>
        work.Wake(LapseOne, work.Now.Wall, RunErrors.LeaseLapsed.Type, RunErrors.LeaseLapsed.Message, id);

    /// <summary>When the next message becomes visible or lease lapses, on the running clock; null when nothing is timed.</summary>
    public static TimeSpan? NextDue(Work work) => work.Session.First(
        "select min(due) from messages where due > 0 and place in (1, 4)", static row => row.IsDBNull(0) ? (TimeSpan?)null : new(row.GetInt64(0)));

    /// <summary>Makes the delayed messages ready whose time has come.</summary>
    public static void Arrive(Work work) =>
        work.Wake("update messages set place = 0, due = 0 where place = 1 and due > 0 and due <= $1 returning queue", work.Now.Monotonic);

    /// <returns>How many messages were put back.</returns>
    public static int Redrive(Work work, string queue, RunId? run)
    {
        var poisoned = work.Session.Rows(
            "select seq, sequence_key from messages where queue = $1 and place = 3 and ($2 is null or id = $2) order by position",
            static row => (Seq: row.GetInt64(0), SequenceKey: row.TextOrNull(1)), queue, run);
        foreach (var (seq, _) in poisoned)
            work.Session.Execute(PutBack, seq, work.TakeNumber(), work.Now.Wall);
        foreach (var key in poisoned.Select(message => message.SequenceKey).OfType<string>().Distinct())
            Sequences.MoveUp(work, queue, key);
        if (poisoned.Count > 0)
            work.WokenQueues.Add(queue);
        return poisoned.Count;
    }

    /// <returns>How many messages were deleted.</returns>
    public static int Purge(Work work, string queue, bool poisoned)
    {
        var error = RunErrors.Purged(queue);
        var count = work.End(MovePurged, queue, poisoned, work.Now.Wall, error.Type, error.Message);
        work.Session.Execute("delete from messages where queue = $1 and (place = 3) = $2 and place <> 4", queue, poisoned);
        return count;
    }

    private static bool MoveToRuns(Work work, SettleItem item) =>
        work.End(
            MoveFinished, item.Message.RunId, item.Message.LeaseToken, item.State, work.Now.Wall, item.Error?.Type, item.Error?.Message, item.Result) > 0
        && work.Session.Execute("delete from messages where id = $1", item.Message.RunId) > 0;

    private static bool TryAgain(Work work, SettleItem item)
    {
        var place = PlaceAfter(item.Delay);
        var held = work.Session.Execute(
            Retry, item.Message.RunId, item.Message.LeaseToken, place, work.Now.DueIn(item.Delay), item.Delay, work.Now.Wall + item.Delay, work.Now.Wall,
            item.Error?.Type, item.Error?.Message, item.Result) > 0;
        if (held && place == MessagePlace.Ready)
            work.WokenQueues.Add(item.Message.Queue);
        return held;
    }

    // One that waits for something else goes behind the next of its sequence when that can run sooner.
    private static bool GiveBack(Work work, SettleItem item)
    {
        var (message, visibleAt) = (item.Message, work.Now.Wall + item.Delay);
        var isPassed = item.Delay > TimeSpan.Zero && (message.SequenceKey is null
            || (work.Session.First(IsPassed, static row => row.TimeOrNull(0), message.Queue, message.SequenceKey, message.RunId) is { } next && next < visibleAt));
        var place = message.SequenceKey is null ? PlaceAfter(item.Delay) : MessagePlace.Behind;
        var held = work.Session.Execute(
            Release, message.RunId, message.LeaseToken, place, work.Now.DueIn(item.Delay), item.Delay, visibleAt, isPassed ? work.TakeNumber() : null) > 0;
        if (held && place == MessagePlace.Ready)
            work.WokenQueues.Add(message.Queue);
        return held;
    }

    private static MessagePlace PlaceAfter(TimeSpan delay) => delay > TimeSpan.Zero ? MessagePlace.Delayed : MessagePlace.Ready;

    // The newest 20 are kept. The current attempt is in the row's own columns until it is one of these.
    private static string Appended(string endedAt, string errorType, string errorMessage) =>
        $"""
        json_insert(
            case when json_array_length(attempts) >= 20 then json_remove(attempts, '$[0]') else coalesce(attempts, '[]') end, '$[#]',
            json_object('startedAt', started_at, 'endedAt', {endedAt}, 'instance', instance,
                'error', case when {errorType} is null then null else json_object('type', {errorType}, 'message', {errorMessage}) end))
        """;
}
