using Ebb.TestServers.Keda;
using Ebb.Storage;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>Queue work with every worker at zero: 0→1→0, also when something is killed in between.</summary>
[Collection(SharedScalingDatabase.Name)]
public sealed class QueueScalingTests(ScalingDatabase database)
{
    [Fact]
    public async Task Work_AtZero_IsDoneOnceInOrder_AndThePodsGoAgain()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options());
        await stage.StartAsync();
        var ids = new List<RunId>();
        for (var i = 0; i < 30; i++)
            ids.Add(await stage.EnqueueAsync(i, 20, i % 5 == 4 ? null : $"key-{i % 5}"));
        await ShouldAllSucceedAsync(stage, ids);
        await stage.BackToZeroAsync();

        ShouldHaveRunOnce(stage, ids);
        foreach (var sequence in stage.Journals.Read().Where(one => one.Key.StartsWith("key", StringComparison.Ordinal)).GroupBy(one => one.Key))
            sequence.Select(one => one.Number).ShouldBeInOrder(SortDirection.Ascending, sequence.Key);
        stage.Log.ScalingOf(ScalingStage.Worker)[0].ShouldBe("0→1");

        // A check can overtake what the push brought by milliseconds; without a push none of this would have begun.
        stage.Log.All.First(one => one.Kind is DecisionKind.Push or DecisionKind.Scaled)
            .Kind.ShouldBe(DecisionKind.Push, stage.Told("a push woke it, not a poll"));
    }

    [Fact]
    public async Task Work_MoreThanOnePodHolds_IsSharedAmongPods_AndBusyOnesAreNotCutOff()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options() with { Target = 4, BatchSize = 2 });
        await stage.StartAsync();
        var ids = new List<RunId>();
        for (var i = 0; i < 24; i++)
            ids.Add(await stage.EnqueueAsync(i, 1500));
        await stage.SeeAsync(() => stage.Pods.Pods.Count(pod => pod.IsReady) > 2, "several pods");

        // A scale-in in the middle of it, of whichever pods: they finish what they have.
        stage.Pods.Scale(1, "the test scales in");
        await ShouldAllSucceedAsync(stage, ids);
        await stage.BackToZeroAsync();

        ShouldHaveRunOnce(stage, ids);
        stage.Journals.Read().Select(one => one.ProcessId).Distinct().Count().ShouldBeGreaterThan(1);
        stage.Log.ToString().ShouldNotContain("SIGKILL");
    }

    [Fact]
    public async Task Worker_KilledAtWork_LosesNothing()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options() with { Lease = TimeSpan.FromSeconds(5) });
        await stage.StartAsync();
        var ids = new List<RunId>();
        for (var i = 0; i < 8; i++)
            ids.Add(await stage.EnqueueAsync(i, 500, $"key-{i % 2}"));
        await stage.SeeAsync(() => stage.Journals.Read().Count > 0, "the first run");
        await stage.Pods.Pods[0].KillAsync();
        await ShouldAllSucceedAsync(stage, ids);
        await stage.BackToZeroAsync();

        stage.Journals.Overlaps(stage.Cluster.Exits).ShouldBeEmpty();
        stage.Journals.Read().Count(one => one.Completed).ShouldBe(ids.Count, "what was completed is not done again");
        stage.Journals.Read().Count(one => !one.Completed).ShouldBeInRange(1, 4, "the killed process had this much under way");
    }

    [Fact]
    public async Task Scaler_KilledOverAnEnqueue_WakesTheWorkerWhenItIsBack()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options());
        await stage.StartAsync();
        await stage.SeeAsync(() => stage.Scaler.Log.Length > 0 && stage.Log.All.Count == 0, "an idle stage");
        await stage.Scaler.KillAsync();
        RunId[] first = [await stage.EnqueueAsync(1, 2000), await stage.EnqueueAsync(2, 2000)];
        stage.Pods.Replicas.ShouldBe(0);
        await stage.Scaler.StartAsync();
        await stage.SeeAsync(() => stage.Journals.Read().Count == 2, "both runs started");

        // And over the end of the work: no answer keeps the pods, until there is one.
        await stage.Scaler.KillAsync();
        await ShouldAllSucceedAsync(stage, first);
        await stage.Scaler.StartAsync();
        await stage.BackToZeroAsync();

        ShouldHaveRunOnce(stage, first);
    }

    [Fact]
    public async Task Scaler_Restarted_EndsItsStreamsInOrder()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options());
        await stage.StartAsync();
        RunId[] ids = [await stage.EnqueueAsync(1, 500)];
        await stage.SeeAsync(() => stage.Pods.Replicas == 1, "a pod");
        (await stage.Scaler.TerminateAsync()).ShouldBe(0);
        await stage.SeeAsync(() => stage.Log.ToString().Contains("the stream ended with OK", StringComparison.Ordinal), "a clean end");
        await stage.Scaler.StartAsync();
        await ShouldAllSucceedAsync(stage, ids);
        await stage.BackToZeroAsync();

        ShouldHaveRunOnce(stage, ids);
    }

    [Fact]
    public async Task Keda_KilledAtWork_FindsWhatCameMeanwhile()
    {
        await using var stage = await ScalingStage.CreateAsync(database.Options());
        await stage.StartAsync();
        var ids = new List<RunId> { await stage.EnqueueAsync(1, 300) };
        await stage.SeeAsync(() => stage.Pods.Pods.Any(pod => pod.IsReady), "a pod");
        await stage.KillKedaAsync();
        ids.Add(await stage.EnqueueAsync(2, 300));
        await ShouldAllSucceedAsync(stage, ids);
        stage.StartKeda();
        await stage.BackToZeroAsync();
        await stage.KillKedaAsync();
        ids.Add(await stage.EnqueueAsync(3, 300));
        stage.Pods.Replicas.ShouldBe(0);
        stage.StartKeda();
        await ShouldAllSucceedAsync(stage, ids);
        await stage.BackToZeroAsync();

        ShouldHaveRunOnce(stage, ids);
    }

    internal static async Task ShouldAllSucceedAsync(ScalingStage stage, IEnumerable<RunId> ids) =>
        (await stage.EndOfAsync(ids)).ShouldAllBe(run => run.State == RunState.Succeeded, stage.Told("every run succeeds"));

    private static void ShouldHaveRunOnce(ScalingStage stage, IReadOnlyCollection<RunId> ids)
    {
        var counts = stage.Journals.Counts();
        counts.Keys.ShouldBe(ids.Select(id => $"{id}"), ignoreOrder: true);
        counts.Values.ShouldAllBe(count => count == 1, stage.Told("nothing runs twice"));
        stage.Journals.Overlaps(stage.Cluster.Exits).ShouldBeEmpty();
    }
}
