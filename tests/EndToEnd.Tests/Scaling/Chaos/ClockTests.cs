using Ebb.Storage;

namespace Ebb.EndToEnd.Tests.Scaling.Chaos;

/// <summary>A worker whose clock jumps (libfaketime; the monotonic clock goes on, as it does when a machine's time is set).</summary>
[Collection(SharedScalingDatabase.Name)]
public sealed class ClockTests(ScalingDatabase database)
{
    [Theory]
    [InlineData("+2h")]
    [InlineData("-2h")]
    public async Task Worker_ClockJumpsAtWork_KeepsItsLease(string jump)
    {
        var clock = Path.GetTempFileName();
        await File.WriteAllTextAsync(clock, "+0\n");
        await using var stage = await ScalingStage.CreateAsync(database.Options() with
        {
            Lease = TimeSpan.FromSeconds(6),
            WorkerEnvironment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LD_PRELOAD"] = Peers.FakeTime,
                ["FAKETIME_TIMESTAMP_FILE"] = clock,
                ["FAKETIME_NO_CACHE"] = "1",
                ["DONT_FAKE_MONOTONIC"] = "1",
            },
        });
        stage.Pods.Scale(1, "the worker with that clock");
        RunId[] ids = [await stage.EnqueueAsync(1, 10_000, "key"), await stage.EnqueueAsync(2, 50, "key")];
        await stage.SeeAsync(() => stage.Journals.Read().Count == 1, "the first run is under way");
        await File.WriteAllTextAsync(clock, jump + "\n");
        stage.Others.Scale(1, "a worker with the right time");
        await QueueScalingTests.ShouldAllSucceedAsync(stage, ids);

        stage.Journals.Counts().Values.ShouldAllBe(count => count == 1, stage.Told("nothing runs twice"));
        stage.Journals.Overlaps(stage.Cluster.Exits).ShouldBeEmpty();
        File.Delete(clock);
    }
}
