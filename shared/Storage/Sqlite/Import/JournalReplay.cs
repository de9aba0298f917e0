using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite.Import;

/// <summary>Does in the database what a journal's entries say, each at its own time.</summary>
internal static class JournalReplay
{
    private const string SetSchedule = "insert or replace into schedules (timer, schedule, last, next, updated_at) values ($1, $2, $3, $4, $5)";
    private const string SetDocument = "insert or replace into documents (version, key, value, updated_at) values ($1, $2, $3, $4)";
    private const string ForgetKey = "update runs set idempotency_key = null where queue = $1 and idempotency_key = $2";

    private const string Insert =
        """
        insert into messages (
            seq, position, id, queue, place, trigger, due, delay, visible_at, created_at, function, sequence_key, idempotency_key,
            trace_parent, trace_state, caller, body, dequeue_count, postponed, lease_token, started_at, ended_at, instance, error_type, error_message,
            progress, attempts, result)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
        """;

    public static void Apply(Work work, JournalEntry entry)
    {
        switch (entry)
        {
            case Enqueued enqueued: Apply(work, enqueued); break;
            case Leased leased: At(work, leased.At); MessageTable.Lease(work, leased.Id, leased.Token, leased.Function, leased.Instance, leased.Duration); break;
            case Lapsed lapsed: At(work, lapsed.At); MessageTable.Lapse(work, lapsed.Id); break;
            case Settled settled: Apply(work, settled); break;
            case Redriven redriven: At(work, redriven.At); MessageTable.Redrive(work, redriven.Queue, redriven.Id); break;
            case Purged purged: At(work, purged.At); MessageTable.Purge(work, purged.Queue, purged.Poisoned); break;
            case ScheduleSet set: Apply(work, set.State); break;
            case ScheduleClaimed claimed: Apply(work, claimed); break;
            case DocumentPut { Document: var put }: work.Session.Execute(SetDocument, put.Version, put.Key, StoredText.Clean(put.Value), put.UpdatedAt); break;
            case DocumentDeleted deleted: work.Session.Execute("delete from documents where key = $1", deleted.Key); break;
            case RunRecorded recorded: RunTable.Record(work, recorded.Run); break;
            case ProgressReported progress: RunTable.Report(work, progress.Id, StoredText.Clean(progress.Progress)!); break;
            case RunsDropped dropped: RunTable.Drop(work, dropped.Count); break;
            case Counters counters: Apply(work, counters); break;
            case RunRestored restored: Apply(work, restored); break;
            // Every lease is void after a start, and a store that was closed in order has nothing to say.
            case Renewed or Closed: break;
            default: throw new InvalidOperationException($"no way to apply {entry.GetType().Name}");
        }
        work.Clear();
    }

    /// <summary>What is behind others of its sequence after a compaction, and what is not.</summary>
    public static void Finish(Work work)
    {
        var sequences = work.Session.Rows(
            "select distinct queue, sequence_key from messages where sequence_key is not null and place <> 3", static row => (row.GetString(0), row.GetString(1)));
        foreach (var (queue, key) in sequences)
            Sequences.MoveUp(work, queue, key);
    }

    private static void At(Work work, DateTimeOffset moment) => work.Now = new(moment, TimeSpan.Zero);

    private static void Apply(Work work, Enqueued enqueued)
    {
        var run = enqueued.Run;
        At(work, run.CreatedAt);
        if (run.IdempotencyKey is not null)
            work.Session.Execute(ForgetKey, run.Queue, StoredText.Clean(run.IdempotencyKey));
        var request = new EnqueueRequest
        {
            Queue = run.Queue!,
            Body = StoredText.Clean(enqueued.Body)!,
            Trigger = run.Trigger,
            Function = StoredText.Clean(run.Function),
            Delay = enqueued.Delay,
            IdempotencyKey = StoredText.Clean(run.IdempotencyKey),
            SequenceKey = StoredText.Clean(run.SequenceKey),
            SupersedesWaiting = enqueued.Supersedes,
            TraceParent = StoredText.Clean(enqueued.TraceParent),
            TraceState = StoredText.Clean(enqueued.TraceState),
            Caller = StoredText.Clean(run.Caller),
        };
        MessageTable.Enqueue(work, request, run.Id, DateTimeOffset.MinValue);
    }

    private static void Apply(Work work, Settled settled)
    {
        At(work, settled.At);
        var token = work.Session.First("select lease_token from messages where id = $1", static row => row.GetGuid(0), settled.Id);
        var message = work.Session.First($"select {MessageRow.Taken} from messages where id = $1", row => MessageRow.ReadTaken(row, token), settled.Id)!;
        Settlement settlement = settled.As switch
        {
            SettledAs.Succeeded => new Settlement.Succeeded(settled.Result),
            SettledAs.Failed => new Settlement.Failed(settled.Error!, settled.Result),
            SettledAs.Retried => new Settlement.Retried(settled.Error!, settled.Delay, settled.Result),
            SettledAs.Poisoned => new Settlement.Poisoned(settled.Error!, settled.Result),
            _ => new Settlement.Released(settled.Delay),
        };
        MessageTable.Settle(work, SettleItem.Of(message, settlement));
    }

    private static void Apply(Work work, ScheduleState state) =>
        work.Session.Execute(SetSchedule, state.Timer, StoredText.Clean(state.Schedule), state.Last, state.Next, state.LastUpdated);

    private static void Apply(Work work, ScheduleClaimed claimed)
    {
        Apply(work, claimed.State);
        if (claimed.Message is { } message)
            Apply(work, message);
    }

    private static void Apply(Work work, Counters counters)
    {
        work.NextNumber = counters.NextOrder;
        work.Session.Execute("insert into sqlite_sequence (name, seq) values ('documents', $1)", counters.DocumentVersion);
    }

    private static void Apply(Work work, RunRestored restored)
    {
        if (restored.Message is { } message)
            Apply(work, restored.Run, restored.Order, message);
        else
            RunTable.Add(work, restored.Run, restored.Order);
    }

    // The attempt that is under way or poisoned the message stands in the row's own columns.
    private static void Apply(Work work, Run run, long seq, MessageSnapshot message)
    {
        var place = run.State == RunState.Poisoned ? MessagePlace.Poisoned
            : message.Lease is not null ? MessagePlace.Leased
            : run.SequenceKey is not null ? MessagePlace.Behind
            : message.Delay > TimeSpan.Zero ? MessagePlace.Delayed
            : MessagePlace.Ready;
        var current = place is MessagePlace.Poisoned or MessagePlace.Leased && run.Attempts is [.., var last] ? last : null;
        work.Session.Execute(
            Insert, seq, message.Order, run.Id, run.Queue, place, run.Trigger, message.Lease?.Duration ?? message.Delay, message.Delay, message.VisibleAt, run.CreatedAt,
            StoredText.Clean(run.Function), StoredText.Clean(run.SequenceKey), StoredText.Clean(run.IdempotencyKey), StoredText.Clean(message.TraceParent),
            StoredText.Clean(message.TraceState), StoredText.Clean(run.Caller), StoredText.Clean(message.Body), message.DequeueCount, message.Postponed,
            message.Lease?.Token, run.StartedAt, run.EndedAt, current?.Instance, StoredText.Clean(run.Error?.Type), StoredText.Clean(run.Error?.Message),
            StoredText.Clean(run.Progress), RunRow.Write(current is null ? run.Attempts : [.. run.Attempts.SkipLast(1)]), StoredText.Clean(run.Result));
    }
}
