using System.Security.Cryptography;
using Ebb.Storage;
using Ebb.TestServers.Postgres;

namespace Ebb.EndToEnd.Tests.Scaling.Chaos;

/// <summary>Everything is killed at random: what was accepted ends, succeeded or poisoned, and no two runs of one sequence key overlap.</summary>
[Collection(SharedScalingDatabase.Name)]
public sealed class ChaosTests(ScalingDatabase database)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Workers_KilledAtRandom_EveryMessageEnds()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options() with
        {
            Lease = Lease,
            MinReplicas = ChaosSettings.Workers,
            MaxReplicas = ChaosSettings.Workers,
            LongestRestart = TimeSpan.FromSeconds(1),
        });
        await stage.StartAsync();
        var producer = new Producer(stage.Storage, TimeSpan.FromMilliseconds(50));
        using var over = new CancellationTokenSource();
        var producing = producer.RunAsync(over.Token);
        await stage.SeeAsync(() => stage.Journals.Read().Count > 10, "work");
        over.CancelAfter(ChaosSettings.Time);
        var kills = 0;
        while (!over.IsCancellationRequested || kills < 3)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(1200));
            kills += await KillOneAsync(stage);
        }

        await producing;
        await ShouldAllEndAsync(stage, producer, $"{kills} kills among {ChaosSettings.Workers} workers");
    }

    [Fact]
    public async Task Postgres_KilledAndStartedAgainUnderLoad_EveryMessageEnds()
    {
        _ = database.Server;
        await using var server = await PostgresServer.StartAsync();
        await using var stage = await ScalingStage.CreateAsync(new StageOptions { Storage = server.Url(), Lease = Lease, MinReplicas = 3, MaxReplicas = 3 });
        await stage.StartAsync();
        var producer = new Producer(stage.Storage, TimeSpan.FromMilliseconds(30));
        using var over = new CancellationTokenSource();
        var producing = producer.RunAsync(over.Token);
        await stage.SeeAsync(() => stage.Journals.Read().Count > 10, "work");
        over.CancelAfter(ChaosSettings.Time);
        var kills = 0;
        do
        {
            await server.KillAsync();
            await Task.Delay(RandomNumberGenerator.GetInt32(500, 3000));
            await server.StartAgainAsync();
            kills++;
            await Task.Delay(4000);
        }
        while (!over.IsCancellationRequested);
        await producing;

        await ShouldAllEndAsync(stage, producer, $"{kills} kills of PostgreSQL, {producer.Refusals} refusals");
    }

    /// <summary>Kills a worker, one that is in the middle of something if there is one.</summary>
    private static async Task<int> KillOneAsync(ScalingStage stage)
    {
        var busy = stage.Journals.Read().Where(one => one.End is null).Select(one => one.ProcessId).ToHashSet();
        var ready = stage.Pods.Pods.Where(pod => pod.IsReady).ToList();
        var candidates = ready.Where(pod => busy.Contains(pod.ProcessId)).ToList() is { Count: > 0 } some ? some : ready;
        if (candidates.Count == 0)
            return 0;
        await candidates[RandomNumberGenerator.GetInt32(candidates.Count)].KillAsync();
        return 1;
    }

    private static async Task ShouldAllEndAsync(ScalingStage stage, Producer producer, string what)
    {
        var runs = await stage.EndOfAsync(producer.Accepted.Values);
        runs.Select(run => run.Id).Distinct().Count().ShouldBe(producer.Accepted.Count, "each idempotency key is one run");
        runs.ShouldAllBe(run => run.State == RunState.Succeeded || run.State == RunState.Poisoned, stage.Told("no other end"));
        stage.Journals.Overlaps(stage.Cluster.Exits).ShouldBeEmpty(stage.Told("one at a time under one sequence key"));
        var executions = stage.Journals.Read();
        var completed = executions.Where(one => one.Completed).Select(one => one.RunId).ToHashSet(StringComparer.Ordinal);
        runs.Where(run => run.State == RunState.Succeeded && !completed.Contains($"{run.Id}")).ShouldBeEmpty("what succeeded was done to its end");
        var counts = await stage.Storage.Queues.CountAsync(ScalingStage.Queue, default);
        (counts.Ready, counts.Waiting, counts.Running).ShouldBe((0, 0, 0));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{what}: {runs.Count} accepted, {runs.Count(run => run.State == RunState.Succeeded)} succeeded, {runs.Count(run => run.State == RunState.Poisoned)} poisoned, " +
            $"{executions.Count} executions, {executions.Count(one => !one.Completed)} of them cut short, {executions.Count(one => one.Completed) - runs.Count(run => run.State == RunState.Succeeded)} done twice");
    }
}
