namespace Ebb.TestServers.Keda.Operator;

/// <summary>What KEDA asks about one trigger.</summary>
internal interface IScaler : IDisposable
{
    /// <summary>True: <see cref="PushesAsync"/> is listened to.</summary>
    bool CanPush { get; }

    /// <summary>Metric names and their targets.</summary>
    Task<IReadOnlyList<(string Name, double Target)>> GetMetricSpecAsync(CancellationToken cancellationToken);

    /// <summary>The value of a metric and whether there is anything to do, asked in this order.</summary>
    Task<(double Value, bool Active)> GetMetricsAndActivityAsync(string metric, CancellationToken cancellationToken);

    /// <summary>What the scaler pushes; ends when it ends the stream with OK.</summary>
    IAsyncEnumerable<bool> PushesAsync(CancellationToken cancellationToken);
}
