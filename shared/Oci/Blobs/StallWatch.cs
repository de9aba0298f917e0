namespace Ebb.Oci.Blobs;

/// <summary>Cancels a transfer that stands still. Started for each read or write, so that only silence counts.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _outer;

    public StallWatch(TimeSpan limit, TimeProvider time, CancellationToken outer)
    {
        Limit = limit;
        _source = new CancellationTokenSource(limit, time);
        _outer = outer.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Something moved: the clock starts anew.</summary>
    public void Progress() => Progress(Limit);

    /// <summary>Something moved, and what comes next may take this long.</summary>
    public void Progress(TimeSpan next) => _source.CancelAfter(next);

    public void Cancel() => _source.Cancel();

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
