using Ebb.Storage.State;

namespace Ebb.Storage.File;

internal sealed partial class FileEngine
{
    /// <summary>Below this a journal is not worth rewriting.</summary>
    private const long LeastGarbage = 4 * 1024 * 1024;

    private Task _compaction = Task.CompletedTask;
    private long _compactAt = LeastGarbage;

    /// <summary>
    /// Rewrites the journal when what it holds for nothing outweighs what is alive. Looked at only when the file has
    /// grown to twice what was alive the last time, so that the look costs nothing per operation.
    /// </summary>
    private void ConsiderCompaction()
    {
        if (_journal.Length < _compactAt || !_compaction.IsCompleted || _disposed)
            return;
        var threshold = (2 * _state.EstimateBytes()) + LeastGarbage;
        if (_journal.Length < threshold)
            _compactAt = threshold;
        else
            _compaction = Task.Run(Compact);
    }

    private void Compact()
    {
        CompactionStart start;
        IReadOnlyList<JournalEntry> snapshot;
        lock (_lock)
        {
            if (_fault is not null || _disposed)
                return;
            start = _journal.BeginCompaction();
            snapshot = _state.Snapshot();
        }
        try
        {
            if (_journal.Compact(start, snapshot))
                LogCompacted(start.Length, _journal.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotCompacted(e);
        }
        lock (_lock)
            _compactAt = (2 * _journal.Length) + LeastGarbage;
    }
}
