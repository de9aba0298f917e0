using Ebb.Storage;

namespace Ebb.EndToEnd.Tests.Scaling;

/// <summary>A timer whose pods are at zero runs once for each occurrence, whatever is restarted around it.</summary>
[Collection(SharedScalingDatabase.Name)]
public sealed class TimerScalingTests(ScalingDatabase database)
{
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Timer_DueAtZero_RunsOnceInAPodThatIsUpBeforehand()
    {
        await using var stage = await StageAsync();
        var due = await DueInAsync(stage, TimeSpan.FromSeconds(7));
        await stage.StartAsync();
        var run = await RunAsync(stage);

        Report(stage, due, run);
    }

    [Fact]
    public async Task Timer_ScalerRestartsAroundTheOccurrence_RunsOnce()
    {
        await using var stage = await StageAsync();
        await DueInAsync(stage, TimeSpan.FromSeconds(7));
        await stage.StartAsync();
        await stage.SeeAsync(() => stage.Pods.Replicas == 1, "the lead wakes a pod");
        await stage.Scaler.KillAsync();
        await stage.SeeAsync(() => stage.Journals.Read().Count > 0, "the run starts without the scaler");
        await stage.Scaler.StartAsync();

        await RunAsync(stage);
    }

    [Fact]
    public async Task Timer_KedaAndWorkerKilledAroundTheOccurrence_RunsOnce()
    {
        await using var stage = await StageAsync();
        await DueInAsync(stage, TimeSpan.FromSeconds(7));
        await stage.StartAsync();
        await stage.SeeAsync(() => stage.Pods.Pods.Any(pod => pod.IsReady), "the lead wakes a pod");
        await stage.KillKedaAsync();
        await stage.Pods.Pods[0].KillAsync();
        stage.StartKeda();

        await RunAsync(stage);
    }

    [Fact]
    public async Task Timer_MissedWhileEverythingWasDown_AndTwoPodsStartAtOnce_IsCaughtUpOnce()
    {
        await using var stage = await StageAsync();
        await DueInAsync(stage, -TimeSpan.FromHours(50));
        stage.Pods.Scale(2, "the test starts two at once");
        await stage.SeeAsync(() => stage.Pods.Pods.Count(pod => pod.IsReady) == 2, "both are ready");
        await stage.StartAsync();
        await RunAsync(stage);

        stage.Journals.Read().Single().Key.ShouldBe("late");
    }

    [Fact]
    public async Task Timer_NeverSeenBefore_WakesAPodThatRegistersIt_AndRunsNothing()
    {
        await using var stage = await StageAsync();
        await stage.StartAsync();
        await stage.SeeAsync(async () => await stage.Storage.Schedules.GetAsync(ScalingStage.Timer, default) is not null, "the timer is registered");
        await stage.BackToZeroAsync();

        stage.Journals.Read().ShouldBeEmpty();
    }

    private Task<ScalingStage> StageAsync() => ScalingStage.CreateAsync(database.Options() with { WithTimer = true, Lead = Lead });

    private static async Task<DateTimeOffset> DueInAsync(ScalingStage stage, TimeSpan time)
    {
        var due = TimeProvider.System.GetUtcNow() + time;
        await stage.SetTimerAsync(due);
        return due;
    }

    /// <summary>The one run, once the pods are gone again.</summary>
    private static async Task<Run> RunAsync(ScalingStage stage)
    {
        await stage.SeeAsync(() => stage.Journals.Read().Count > 0, "the timer runs");
        await stage.BackToZeroAsync();
        var runs = await stage.Storage.Runs.ListAsync(new RunQuery { Function = ScalingStage.Timer }, default);
        runs.Count.ShouldBe(1, stage.Told("one occurrence is one run"));
        runs[0].State.ShouldBe(RunState.Succeeded);
        stage.Journals.Read().Count.ShouldBe(1, stage.Told("and runs once"));
        return runs[0];
    }

    private static void Report(ScalingStage stage, DateTimeOffset due, Run run)
    {
        var up = stage.Log.All.First(one => one.Why.Contains("ready after", StringComparison.Ordinal));
        var woken = stage.Log.All.First(one => one.To == 1);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"woken {(due - woken.Time).TotalSeconds:F2} s before it was due, ready {(due - up.Time).TotalSeconds:F2} s before, run started {(run.StartedAt - due)?.TotalMilliseconds:F0} ms after");
    }
}
