namespace Ebb.Oci.Blobs;

/// <summary>Cancels a transfer that stands still. Started for each read or write, so that only silence counts.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration outer;

    public StallWatch(TimeSpan limit, TimeProvider time, CancellationToken outer)
    {
        Limit = limit;
        source = new CancellationTokenSource(limit, time);
        this.outer = outer.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), source);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => source.Token;

    /// <summary>Something moved: the clock starts anew.</summary>
    public void Progress() => Progress(Limit);

    /// <summary>Something moved, and what comes next may take this long.</summary>
    public void Progress(TimeSpan next) => source.CancelAfter(next);

    public void Cancel() => source.Cancel();

    public void Dispose()
    {
        outer.Dispose();
        source.Dispose();
    }
}
