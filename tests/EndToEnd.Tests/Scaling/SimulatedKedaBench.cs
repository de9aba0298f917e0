using Ebb.TestServers.Keda;
using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Keda.Operator;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>The simulated KEDA with one Deployment whose pods sleep, and a scaler that does as it is told.</summary>
internal sealed class SimulatedKedaBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-keda-");
    private KedaOperator? _keda;

    private SimulatedKedaBench(ScalerStandIn scaler, DeploymentTemplate template, KedaTimings timings)
    {
        Scaler = scaler;
        Log = new DecisionLog(TimeProvider.System);
        Cluster = new SimulatedCluster([template], timings, Log, _folder.FullName, TimeProvider.System);
    }

    public ScalerStandIn Scaler { get; }

    public DecisionLog Log { get; }

    public SimulatedCluster Cluster { get; }

    public Deployment Deployment => Cluster["sleeper"];

    public static DeploymentTemplate Sleeper { get; } = new() { Name = "sleeper", Command = ["sleep", "3600"] };

    /// <summary>Nothing is polled or cooled for an hour: what happens is a push's doing.</summary>
    public ScaledObject Slow(string type = "external-push", string? address = null) => new()
    {
        Name = "sleeper-object",
        Namespace = "team",
        Target = "sleeper",
        MaxReplicas = 7,
        PollingInterval = TimeSpan.FromHours(1),
        CooldownPeriod = TimeSpan.FromHours(1),
        InitialCooldownPeriod = TimeSpan.FromHours(1),
        ScaleInStabilization = TimeSpan.Zero,
        Triggers = [new ScaleTrigger(type, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["scalerAddress"] = address ?? Scaler.Address,
            ["queues"] = "work",
        })],
    };

    public ScaledObject Quick(string type = "external", string? address = null) => Slow(type, address) with
    {
        PollingInterval = TimeSpan.FromMilliseconds(50),
        CooldownPeriod = TimeSpan.Zero,
        InitialCooldownPeriod = TimeSpan.Zero,
    };

    public static async Task<SimulatedKedaBench> CreateAsync(DeploymentTemplate? template = null, KedaTimings? timings = null) =>
        new(await ScalerStandIn.StartAsync(), template ?? Sleeper, timings ?? new KedaTimings { AutoscalerPeriod = TimeSpan.FromHours(1) });

    public void StartKeda(ScaledObject scaledObject) => _keda = KedaOperator.Start(Cluster, [scaledObject]);

    public async Task KillKedaAsync()
    {
        await _keda!.DisposeAsync();
        _keda = null;
    }

    public Task SeeAsync(Func<bool> condition) => Eventually.TrueAsync(condition, () => $"{Log}\n{string.Join('\n', Scaler.Calls)}");

    public Task SeeAsync(DecisionKind kind, string part) =>
        SeeAsync(() => Log.All.Any(one => one.Kind == kind && one.Why.Contains(part, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        if (_keda is not null)
            await _keda.DisposeAsync();
        await Cluster.DisposeAsync();
        await Scaler.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
