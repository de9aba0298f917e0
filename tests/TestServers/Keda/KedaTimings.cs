namespace Ebb.TestServers.Keda;

/// <summary>How long things take that no manifest says. The defaults are those of KEDA 2.20 and Kubernetes.</summary>
public sealed record KedaTimings
{
    /// <summary>All intervals, those of manifests too, are divided by this.</summary>
    public double Faster { get; init; } = 1;

    public TimeSpan AutoscalerPeriod { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan FirstReconnect { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan LongestReconnect { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan FirstReconcileRetry { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan LongestReconcileRetry { get; init; } = TimeSpan.FromSeconds(1000);

    public TimeSpan FirstRestart { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>A container that ran this long starts again without a wait.</summary>
    public TimeSpan RestartReset { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Scaled(TimeSpan interval) => interval / Faster;
}
