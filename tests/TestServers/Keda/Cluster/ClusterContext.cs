using System.Collections.Concurrent;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>What the parts of a simulated cluster share.</summary>
internal sealed class ClusterContext(KedaTimings timings, DecisionLog log, string logFolder, TimeProvider time) : IDisposable
{
    private readonly HttpClient _probes = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Which processes ended, with the machine's monotonic clock at the time their end was seen.</summary>
    public ConcurrentDictionary<int, long> Exits { get; } = new();

    public KedaTimings Timings => timings;

    public DecisionLog Log => log;

    public string LogFolder => logFolder;

    public TimeProvider Time => time;

    public void Note(string deployment, string what) => log.Note(DecisionKind.Pod, deployment, what);

    /// <summary>A readiness probe.</summary>
    public async Task<bool> AnswersAsync(Uri uri)
    {
        try
        {
            using var answer = await _probes.GetAsync(uri);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _probes.Dispose();
}
