using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>A source that renders to what runs already: Argo CD syncs nothing, and says Synced and Healthy.</summary>
public sealed class ArgoUnchangedTests
{
    [Fact]
    public async Task Settings_OfANewerReleaseThatTheChartDoesNotRender_AreReadyWithoutASync()
    {
        await using var bench = await PreviewBench.StartAsync();
        var pull = await bench.ReadyAsync();
        bench.Argo.Stage = _ => ArgoStage.Unchanged;
        await bench.StopWorkerAsync();
        bench.Set("ClusterIssuer", "other-ca");
        await bench.StartWorkerAsync();

        var report = await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Edited));

        report.Outcome.ShouldBe(PreviewOutcome.Ready);
        bench.Cluster.Find("applications", "argocd", "shop-pr-7")!.ToJsonString().ShouldContain("other-ca");
    }

    [Fact]
    public async Task Application_WhoseObjectsAreThereAlready_IsReadyWithoutAnOperation()
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Unchanged;

        (await bench.ReportOfAsync(await bench.SendAsync(bench.Open()))).Outcome.ShouldBe(PreviewOutcome.Ready);
    }
}
