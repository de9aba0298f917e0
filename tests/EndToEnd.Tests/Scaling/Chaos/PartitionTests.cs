using Ebb.Storage;
using Ebb.TestServers.Network;

namespace Ebb.EndToEnd.Tests.Scaling.Chaos;

/// <summary>A worker that is cut off from the database while its lease lapses: it stops before another one may begin.</summary>
[Collection(SharedScalingDatabase.Name)]
public sealed class PartitionTests(ScalingDatabase database)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Worker_CutOffWhileItsLeaseLapses_StopsBeforeTheWorkRunsElsewhere(bool cut)
    {
        await using var link = new FaultyLink(database.Server.Port);
        var options = database.Options() with { Lease = TimeSpan.FromSeconds(4), BatchSize = 1 };
        await using var stage = await ScalingStage.CreateAsync(options with { WorkerStorage = options.Storage.Replace($":{database.Server.Port}/", $":{link.Port}/", StringComparison.Ordinal) });
        stage.Pods.Scale(1, "the worker behind the link");
        RunId[] ids = [await stage.EnqueueAsync(1, 6000, "key"), await stage.EnqueueAsync(2, 50, "key")];
        await stage.SeeAsync(() => stage.Journals.Read().Count == 1, "the first run is under way");
        if (cut)
            link.Cut();
        else
            link.Stall();
        stage.Others.Scale(1, "a worker with a database");
        await stage.SeeAsync(() => stage.Journals.Read().Count > 1, "the work goes on elsewhere");
        await QueueScalingTests.ShouldAllSucceedAsync(stage, ids);

        // What was held back arrives late and changes nothing; then the first worker is of use again.
        link.Mend();
        stage.Others.Scale(0, "only the first is left");
        await QueueScalingTests.ShouldAllSucceedAsync(stage, [await stage.EnqueueAsync(3, 50, "key")]);

        stage.Journals.Overlaps(stage.Cluster.Exits).ShouldBeEmpty(stage.Told("never at the same time"));
        stage.Journals.Counts()[$"{ids[0]}"].ShouldBe(2, stage.Told("begun by both, completed by one"));
        stage.Journals.Read().Count(one => one.Completed && one.RunId == $"{ids[0]}").ShouldBe(1);
        var runs = await stage.EndOfAsync(ids);
        runs.ShouldAllBe(run => run.State == RunState.Succeeded);
        var executions = stage.Journals.Read();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"cut off it stopped {TimeProvider.System.GetElapsedTime(executions[0].End!.Value, executions[1].Start).TotalMilliseconds:F0} ms before the work began elsewhere");
    }
}
