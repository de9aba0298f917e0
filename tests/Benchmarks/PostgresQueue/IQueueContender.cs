namespace Ebb.Benchmarks.PostgresQueue;

/// <summary>A queue in PostgreSQL with eight workers, doing what <c>peer.mjs</c> describes.</summary>
internal interface IQueueContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Eight producers and the workers at once: seconds from the first enqueue to the last job done.</summary>
    Task<double> HandleAsync(int count);

    /// <summary>The jobs wait already: seconds from the first job done to the last.</summary>
    Task<double> DrainAsync(int count);

    /// <summary>One call each at its time: how long each took from when it was due, in milliseconds.</summary>
    Task<double[]> EnqueueAsync(int perSecond, int seconds);
}
