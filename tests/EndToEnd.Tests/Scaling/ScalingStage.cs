using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Scaling.Journal;
using Ebb.Storage;
using Ebb.TestServers.Keda;
using Ebb.TestServers.Keda.Cluster;
using Ebb.TestServers.Keda.Operator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>
/// The whole way: host storage in PostgreSQL, the scaler as a process, the simulated KEDA, and a function app whose pods are
/// processes. Intervals that KEDA counts in tens of seconds are seconds here.
/// </summary>
internal sealed class ScalingStage : IAsyncDisposable
{
    public const string Worker = "sample";
    public const string Other = "other";
    public const string Queue = "counted";
    public const string Timer = "CountedTick";
    public const string Schedule = "0 0 4 * * *";

    private readonly DirectoryInfo _folder;
    private readonly StageOptions _options;
    private KedaOperator? _keda;

    private ScalingStage(DirectoryInfo folder, StageOptions options, IHostStorage storage)
    {
        (_folder, _options, Storage) = (folder, options, storage);
        Scaler = new ScalerProcess(options.StorageSettings, Path.Combine(folder.FullName, "scaler.log"));
        Journals = new WorkJournals(folder.CreateSubdirectory("journal").FullName);
        Log = new DecisionLog(TimeProvider.System);
        var timings = new KedaTimings { Faster = StageOptions.Faster, LongestRestart = options.LongestRestart * StageOptions.Faster };
        var plain = options with { WorkerStorage = null, WorkerEnvironment = new Dictionary<string, string>(StringComparer.Ordinal) };
        DeploymentTemplate[] deployments = [SampleWorker.Template(folder, options), SampleWorker.Template(folder, plain) with { Name = Other }];
        Cluster = new SimulatedCluster(deployments, timings, Log, Path.Combine(folder.FullName, "pods"), TimeProvider.System);
    }

    public IHostStorage Storage { get; }

    public ScalerProcess Scaler { get; }

    public SimulatedCluster Cluster { get; }

    public DecisionLog Log { get; }

    public WorkJournals Journals { get; }

    public Deployment Pods => Cluster[Worker];

    /// <summary>The same app with a connection of its own, scaled by hand.</summary>
    public Deployment Others => Cluster[Other];

    public static async Task<ScalingStage> CreateAsync(StageOptions options)
    {
        var settings = new HostStorageOptions { Storage = options.Storage, Schema = options.Schema };
        var storage = await HostStorage.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new ScalingStage(Directory.CreateTempSubdirectory("ebb-scaling-"), options, storage);
    }

    /// <summary>Starts scaler and KEDA.</summary>
    public async Task StartAsync()
    {
        await Scaler.StartAsync();
        StartKeda();
    }

    public void StartKeda() => _keda = KedaOperator.Start(Cluster, [_options.ScaledObject(Scaler.Address)]);

    public async Task KillKedaAsync()
    {
        await _keda!.DisposeAsync();
        _keda = null;
    }

    /// <summary>Sets the timer as a worker would have stored it: the next occurrence of the timer is at this time.</summary>
    public async Task SetTimerAsync(DateTimeOffset next)
    {
        var state = new ScheduleState(Timer, $"{Schedule} (UTC)", null, next, TimeProvider.System.GetUtcNow());
        (await Storage.Schedules.TrySetAsync(state, await Storage.Schedules.GetAsync(Timer, default), default)).ShouldBeTrue();
    }

    public async Task<RunId> EnqueueAsync(int number, int milliseconds, string? sequenceKey = null)
    {
        var body = new JsonObject { ["key"] = sequenceKey ?? $"free-{number}", ["number"] = number, ["milliseconds"] = milliseconds };
        var request = new EnqueueRequest { Queue = Queue, Body = body.ToJsonString(), SequenceKey = sequenceKey };
        return (await Storage.Queues.EnqueueAsync(request, default)).RunId;
    }

    public Task SeeAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, () => Told(what));

    public Task SeeAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(condition, () => Told(what));

    /// <summary>Until every run has ended; all of them.</summary>
    public async Task<IReadOnlyList<Run>> EndOfAsync(IEnumerable<RunId> ids)
    {
        var runs = new List<Run>();
        foreach (var id in ids)
        {
            Run? run = null;
            await SeeAsync(async () => (run = await Storage.Runs.WaitAsync(id, TimeSpan.FromSeconds(5), default))?.State is not (RunState.Queued or RunState.Running), $"the end of run {id}");
            runs.Add(run!);
        }

        return runs;
    }

    public Task BackToZeroAsync() => SeeAsync(() => Pods.Replicas == 0 && Pods.Alive.Count == 0, "no pod is left");

    /// <summary>Everything that may explain a failure.</summary>
    public string Told(string what) =>
        $"{what}\n{Log}\nscaler:\n{Scaler.Log}\npods:\n{string.Join('\n', Directory.EnumerateFiles(Path.Combine(_folder.FullName, "pods")).Select(file => $"{file}\n{Tail(file)}"))}";

    public async ValueTask DisposeAsync()
    {
        if (_keda is not null)
            await _keda.DisposeAsync();
        await Cluster.DisposeAsync();
        await Scaler.DisposeAsync();
        await Storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Tail(string file)
    {
        var text = File.ReadAllText(file);
        return text[Math.Max(0, text.Length - 4000)..];
    }
}
