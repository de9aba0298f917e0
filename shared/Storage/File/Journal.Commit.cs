namespace Ebb.Storage.File;

internal sealed partial class Journal : IAsyncDisposable
{
    private readonly SemaphoreSlim _requested = new(0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _next;
    private TaskCompletionSource? _current;
    private string? _retired;
    private JournalFile? _flushing;
    private Action<HostStorageException>? _failed;
    private bool _stopping;
    private int _rollbacks;

    private bool IsDurable => _durable == _length && _retired is null;

    /// <summary>Starts the committing thread. <paramref name="failed"/> is called under the lock when the disk refused.</summary>
    public void Start(Action<HostStorageException> failed)
    {
        _failed = failed;
        // A thread of its own: fsync blocks, and the pool has better things to wait for.
        new Thread(CommitLoop) { IsBackground = true, Name = "ebb-journal" }.Start();
    }

    /// <summary>Completes when all that is written now is durable.</summary>
    public Task CommitAsync()
    {
        if (IsDurable)
            return Task.CompletedTask;
        if (_next is null)
        {
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _requested.Release();
        }
        return _next.Task;
    }

    /// <summary>Completes when all is durable that somebody is waiting for now.</summary>
    public Task RequestedAsync() => (_next ?? _current)?.Task ?? Task.CompletedTask;

    /// <summary>Ends the committing thread when it has done what is asked of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_failed is not null)
        {
            lock (_lock)
                _stopping = true;
            _requested.Release();
            await _stopped.Task;
        }
        _file.Dispose();
        _requested.Dispose();
    }

    private void CommitLoop()
    {
        while (true)
        {
            _requested.Wait();
            lock (_lock)
            {
                if (_next is null && _stopping)
                    break;
                (_current, _next) = (_next, null);
            }
            if (_current is not null)
                Commit(_current);
        }
        _stopped.SetResult();
    }

    private void Commit(TaskCompletionSource waiting)
    {
        while (!TryCommit(waiting))
        {
            // A compaction came between and the old file failed: what counts now is the new one.
        }
    }

    private bool TryCommit(TaskCompletionSource waiting)
    {
        JournalFile file;
        string? retired;
        long length;
        lock (_lock)
            (file, length, retired, _flushing) = (_file, _length, _retired, _file);
        var error = Flush(file, retired);
        lock (_lock)
        {
            _flushing = null;
            if (file != _file)
            {
                file.Dispose();
                if (error is not null)
                    return false;
            }
            else if (error is null)
            {
                _durable = length;
                _retired = null;
            }
            _current = null;
            if (error is not null)
                Fail(waiting, error);
        }
        waiting.TrySetResult();
        return true;
    }

    private void Fail(TaskCompletionSource waiting, Exception error)
    {
        var refused = NotStored(error);
        waiting.SetException(refused);
        _next?.SetException(refused);
        _next = null;
        _failed!(refused);
    }

    private Exception? Flush(JournalFile file, string? retired)
    {
        try
        {
            file.Flush();
            if (retired is not null)
                _directory.SyncDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
        if (retired is not null)
            TryDelete(retired);
        return null;
    }

    private void TryDelete(string file)
    {
        try
        {
            _directory.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs space only; the next start deletes it.
        }
    }
}
