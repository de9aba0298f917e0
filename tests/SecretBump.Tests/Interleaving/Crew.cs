using System.Collections.Concurrent;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>Workers over one host storage, one Vault and one cluster. Who dies or stands still is replaced.</summary>
internal sealed class Crew : IAsyncDisposable
{
    private const int Size = 3;

    private readonly ClusterBench _bench;
    private readonly ConcurrentDictionary<string, CrewWorker> _all = new();
    private readonly CrewWorker[] _working = new CrewWorker[Size];
    private readonly Lock _gate = new();
    private int _taken;

    public Crew(ClusterBench bench)
    {
        _bench = bench;
        bench.Server.Around = PassAsync;
        bench.Bumps.Vault.Around = PassAsync;
        for (var i = 0; i < Size; i++)
        {
            _working[i] = Add();
        }
    }

    /// <summary>The worker that takes the next message.</summary>
    public CrewWorker Take()
    {
        lock (_gate)
        {
            var at = _taken++ % Size;
            return _working[at].IsAtWork ? _working[at] : _working[at] = Add();
        }
    }

    /// <summary>Tells host storage what the queue knows of a run.</summary>
    public async Task RecordAsync(RunId run, RunState state) => await _bench.Bumps.Storage.Runs.RecordAsync(
        new Run { Id = run, Trigger = TriggerKind.Manual, State = state, CreatedAt = TimeProvider.System.GetUtcNow() }, BumpBench.Token);

    /// <summary>Lets everybody go on who stands still.</summary>
    public void ResumeAll()
    {
        foreach (var worker in _all.Values)
        {
            worker.Resume();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _all.Values)
        {
            await worker.DisposeAsync();
        }
    }

    // Its name is the first segment of each path it asks for; a server behind a proxy may have such a prefix.
    private CrewWorker Add()
    {
        var name = $"worker-{_all.Count}";
        var kubeConfig = _bench.Bumps.Write(name, _bench.KubeConfig($"{_bench.Server.Address}/{name}"));
        return _all[name] = new CrewWorker(_bench.Bumps.BuildServices(new()
        {
            ["Vault:Address"] = $"{_bench.Bumps.Vault.Address}/{name}",
            ["Kubernetes:KubeConfig"] = kubeConfig,
        }));
    }

    private Task PassAsync(HttpContext context, Func<Task> serve)
    {
        var path = context.Request.Path.Value!;
        var name = path.Split('/')[1];
        if (!_all.TryGetValue(name, out var worker))
        {
            return serve();
        }

        context.Request.Path = path[(name.Length + 1)..];
        return worker.PassAsync(context, serve);
    }
}
