using Ebb.TestServers.Keda;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>What a test wants of a <see cref="ScalingStage"/>.</summary>
internal sealed record StageOptions
{
    /// <summary>KEDA's default intervals, and those of the manifest, are divided by this.</summary>
    public const double Faster = 20;

    /// <summary>The address of host storage for the scaler and the test itself.</summary>
    public required string Storage { get; init; }

    /// <summary>The address of host storage for the workers; null: the same.</summary>
    public string? WorkerStorage { get; init; }

    /// <summary>What the workers have in their environment, and those scaled by hand have not.</summary>
    public IReadOnlyDictionary<string, string> WorkerEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A schema of the test's own.</summary>
    public string Schema { get; init; } = "t" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>How long a message is leased. Long, unless a test kills workers: under load a short one lapses by itself.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan Lead { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Messages per replica.</summary>
    public int Target { get; init; } = 16;

    /// <summary>How many messages one worker runs at once.</summary>
    public int BatchSize { get; init; } = 4;

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    public int MinReplicas { get; init; }

    public int MaxReplicas { get; init; } = 5;

    /// <summary>The longest wait before a pod's process is started again.</summary>
    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether timers are scaled for too.</summary>
    public bool WithTimer { get; init; }

    /// <summary>In KEDA's time.</summary>
    public TimeSpan CooldownPeriod { get; init; } = TimeSpan.FromSeconds(30);

    public IReadOnlyDictionary<string, string> StorageSettings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Storage"] = Storage,
        ["Storage__Schema"] = Schema,
    };

    public ScaledObject ScaledObject(string scalerAddress) => new()
    {
        Name = ScalingStage.Worker,
        Namespace = "ebb",
        Target = ScalingStage.Worker,
        MinReplicas = MinReplicas,
        MaxReplicas = MaxReplicas,
        PollingInterval = TimeSpan.FromSeconds(30),
        CooldownPeriod = CooldownPeriod,
        ScaleInStabilization = TimeSpan.FromSeconds(60),
        Triggers = [new ScaleTrigger("external-push", Metadata(scalerAddress))],
    };

    private Dictionary<string, string> Metadata(string scalerAddress)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["scalerAddress"] = scalerAddress,
            ["app"] = ScalingStage.Worker,
            ["queues"] = ScalingStage.Queue,
            ["lead"] = $"{Lead.TotalSeconds:F0}s",
            ["target"] = $"{Target}",
        };
        if (WithTimer)
            metadata["timers"] = $"{ScalingStage.Timer}={ScalingStage.Schedule}";
        return metadata;
    }
}
