using System.Net;
using Ebb.Storage;
using Ebb.TestServers.Disks;
using Ebb.Worker.SampleApp;

namespace Ebb.Worker.Tests.Hosting;

public sealed class FullDiskTests
{
    [Fact]
    public async Task Enqueue_RealFullDisk_Answers503AcceptsNothingAndGoesOnWithSpace()
    {
        await using var disk = await SmallDisk.MountAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "Mounting a small tmpfs needs root; StoreTroubleTests refuse on purpose.");
        await using var host = await SampleHost.StartAsync(null, null, $"--Storage=sqlite:{disk!.Path}/store/ebb.db");
        var before = await host.EnqueueAsync(new WorkRequest());
        (await host.EndOfAsync(before)).State.ShouldBe(RunState.Succeeded);
        await disk.FillAsync();

        using var refused = await host.PostAsync($"api/work?queue=elsewhere", new string('x', 8192));

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("could not be accepted now");
        (await host.Storage.Queues.CountAsync("elsewhere", default)).Ready.ShouldBe(0);
        (await host.Storage.Runs.GetAsync(before, default))!.State.ShouldBe(RunState.Succeeded);

        disk.Free();
        (await host.EndOfAsync(await host.EnqueueAsync(new WorkRequest()))).State.ShouldBe(RunState.Succeeded);
    }
}
