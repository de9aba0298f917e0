using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.ImageMirror.Tests.Servers;
using Ebb.TestServers.Registry;

namespace Ebb.ImageMirror.Tests.Mirroring;

public sealed class HarborTests
{
    private readonly TestImage _image = TestImage.Create(90);

    [Fact]
    public async Task Run_ProjectMissing_IsNamed()
    {
        await using var bench = await StartAsync();

        var report = await bench.RunAsync("a");

        var line = report.Images.ShouldHaveSingleItem();
        line.Fault.ShouldBe("projectMissing");
        line.Remedy.ShouldBe("Create the project in Harbor, or set ImageMirror:CreateProjects.");
    }

    [Fact]
    public async Task Run_ProjectMissingAndMayBeCreated_CreatesItOnce()
    {
        await using var bench = await StartAsync(create: true);

        var report = await bench.RunAsync("a", "b");

        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
        bench.Target.Requests.Count(request => request is { Method: "POST", Path: "/api/v2.0/projects" }).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ProjectOfTheSourceMissing_IsNamedAndNoneIsCreated(bool create)
    {
        await using var bench = await FaultyBench.StartAsync(
            source: new RegistryBehaviour { HarborProjects = ["other"] }, target: new RegistryBehaviour { HarborProjects = ["other"] });
        bench.Options = new MirrorOptions { CreateProjects = create };

        var line = (await bench.RunAsync("a")).Images.ShouldHaveSingleItem();

        line.Fault.ShouldBe("projectMissing");
        line.Cause!.ShouldContain($"the project 'up' does not exist in Harbor at {bench.Source.Host}");
        line.Remedy!.ShouldStartWith("Correct the entry's source");
        bench.Target.Requests.ShouldNotContain(request => request.Method == "POST");
    }

    [Fact]
    public async Task Run_RefusedBeforeAnotherImageCreatedTheProject_IsTriedAgain()
    {
        await using var bench = await StartAsync(create: true);
        bench.Target.With(Fault.Instead("HEAD", "/v2/library/b/manifests/1", async context =>
        {
            // The refusal is on its way while the other image creates the project and goes on.
            while (!bench.Target.Requests.Any(request => request is { Method: "PUT", Path: var path } && path.StartsWith("/v2/library/a/manifests/", StringComparison.Ordinal)))
            {
                await Task.Delay(5, context.RequestAborted);
            }

            context.Response.StatusCode = 403;
        }, times: 1));

        var report = await bench.RunAsync("a", "b");

        report.Images.ShouldAllBe(line => line.Action == MirrorAction.Copied);
    }

    [Fact]
    public async Task DryRun_ProjectMissingAndMayBeCreated_ShowsTheCopies()
    {
        await using var bench = await StartAsync(create: true);

        var report = await bench.DryRunAsync("a", "b");

        report.Images.ShouldAllBe(line => line.Action == MirrorAction.WouldCopy);
        bench.Target.Requests.ShouldAllBe(request => request.Method == "GET" || request.Method == "HEAD");
    }

    [Fact]
    public async Task Run_ProjectMayNotBeCreated_IsNamed()
    {
        await using var bench = await StartAsync(create: true, allowed: false);

        var line = (await bench.RunAsync("a")).Images.ShouldHaveSingleItem();

        line.Fault.ShouldBe("denied");
        line.Cause!.ShouldContain("may not create projects");
    }

    private async Task<FaultyBench> StartAsync(bool create = false, bool allowed = true)
    {
        var bench = await FaultyBench.StartAsync(target: new RegistryBehaviour { HarborProjects = [], MayCreateProjects = allowed });
        bench.Options = new MirrorOptions { CreateProjects = create };
        bench.Source.Add("up/a", _image, "1");
        bench.Source.Add("up/b", TestImage.Create(91), "1");
        return bench;
    }
}
