namespace Ebb.Storage.State;

internal sealed partial class StoreState
{
    private readonly Dictionary<string, ScheduleState> _schedules = [];
    private readonly SortedSet<Document> _documents = new(
        Comparer<Document>.Create(static (left, right) => string.CompareOrdinal(left.Key, right.Key)));
    private long _documentVersion;

    private void Apply(ScheduleClaimed claimed, Instant now)
    {
        _schedules[claimed.State.Timer] = claimed.State;
        if (claimed.Message is { } message)
            Apply(message, now);
    }

    private void Apply(DocumentPut put)
    {
        _documents.Remove(put.Document);
        _documents.Add(put.Document);
        _documentVersion = Math.Max(_documentVersion, put.Document.Version);
    }

    private void Apply(DocumentDeleted deleted) => _documents.Remove(Probe(deleted.Key));

    private void Apply(RunRecorded recorded)
    {
        if (_runs.Find(recorded.Run.Id) is not { } entry)
            _runs.Add(entry = new(recorded.Run, _nextOrder++));
        else
            _runs.Update(entry, recorded.Run);
        if (recorded.Run.IsFinal && entry.EndOrder is null)
            End(entry, recorded.Run);
    }

    private void Apply(ProgressReported progress)
    {
        var entry = _runs.Find(progress.Id)!;
        _runs.Update(entry, entry.Run with { Progress = progress.Progress });
    }

    private void Apply(RunsDropped dropped)
    {
        for (var left = dropped.Count; left > 0; left--)
        {
            var entry = _runs.FirstEnded!;
            _runs.Remove(entry);
            if (entry.Run.Queue is not { } name)
                continue;
            var queue = Queue(name);
            if (entry.Run.IdempotencyKey is { } key)
                queue.IdempotencyKeys.Remove(key);
            if (queue.IsEmpty)
                _queues.Remove(name);
        }
    }

    private static Document Probe(string key) => new(key, "", 0, default);
}
