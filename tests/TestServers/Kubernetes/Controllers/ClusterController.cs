using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>Acts when objects change, one after the other, as a controller's work queue does.</summary>
public abstract class ClusterController : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Lock _gate = new();
    private TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isPaused;

    protected ClusterController(Cluster cluster, params string[] watched)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Cluster = cluster;
        Watched = watched;
        _loop = Task.Run(RunAsync);
    }

    protected Cluster Cluster { get; }

    private string[] Watched { get; }

    /// <summary>Paused, it looks at nothing; afterwards at everything that is there.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_gate)
            {
                return _isPaused;
            }
        }

        set
        {
            lock (_gate)
            {
                _isPaused = value;
            }

            LookAgain();
        }
    }

    /// <summary>Looks at everything again, as when time has passed or the test has changed what it answers.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            _again.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Brings an object to where it should be. It may be gone.</summary>
    /// <param name="plural">Its type.</param>
    /// <param name="item">The object as it is.</param>
    /// <param name="before">The object before the change; null when it is new, or nobody knows.</param>
    protected abstract void Reconcile(string plural, JsonObject item, JsonObject? before);

    private async Task RunAsync()
    {
        var version = 0L;
        var everything = true;
        try
        {
            while (true)
            {
                Task again;
                lock (_gate)
                {
                    again = _again.Task;
                }

                var (changes, next, changed, lost) = Cluster.Do(() => (
                    Cluster.Store.Since(version), Cluster.Store.Version, Cluster.Store.Changed, version < Cluster.Store.Compacted));
                if (!IsPaused)
                {
                    Look(changes, everything || lost);
                    (version, everything) = (next, false);
                }

                await Task.WhenAny(changed, again).WaitAsync(_stop.Token);
                lock (_gate)
                {
                    if (_again.Task.IsCompleted)
                    {
                        everything = true;
                        _again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private void Look(IReadOnlyList<ObjectChange> changes, bool everything)
    {
        if (everything)
        {
            foreach (var plural in Watched.Where(Cluster.Resources.Serves))
            {
                foreach (var item in Cluster.List(plural))
                {
                    Try(plural, item, null);
                }
            }

            return;
        }

        foreach (var change in changes.Where(change => change.After is not null && Watched.Contains(change.Resource.Plural)))
        {
            if (Cluster.Find(change.Resource.Plural, change.Current.Namespace(), change.Current.Name()) is { } item)
            {
                Try(change.Resource.Plural, item, change.Before?.Copy());
            }
        }
    }

    // What is gone or refused meanwhile is looked at when it changes again.
    private void Try(string plural, JsonObject item, JsonObject? before)
    {
        try
        {
            Reconcile(plural, item, before);
        }
        catch (ApiException exception)
        {
            Problems.Add($"{plural} {item.Namespace()}/{item.Name()}: {exception.Message}");
        }
    }

    /// <summary>What could not be done, for tests that wonder.</summary>
    public IList<string> Problems { get; } = new List<string>();
}
