using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>
/// What keeps a commit that Argo CD applied from running. Argo CD 3 does not say it of single objects (resourceHealthSource: appTree), so the
/// objects themselves do.
/// </summary>
public sealed class CauseTests
{
    private const string Name = "shop-pr-7";

    [Theory]
    [InlineData("ingresses", """{"loadBalancer":{}}""", "Ingress shop waits for an address")]
    [InlineData("persistentvolumeclaims", """{"phase":"Pending"}""", "PersistentVolumeClaim shop is Pending")]
    [InlineData("persistentvolumeclaims", """{"phase":"Lost"}""", "PersistentVolumeClaim shop is Lost")]
    [InlineData("jobs", """{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff limit"}]}""",
        "Job shop: BackoffLimitExceeded: Job has reached the specified backoff limit")]
    [InlineData("deployments", """{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"shop-1\" has timed out progressing."}]}""",
        "Deployment shop: ProgressDeadlineExceeded: ReplicaSet \"shop-1\" has timed out progressing.")]
    [InlineData("deployments", """{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"shop-1\" is forbidden: exceeded quota: preview"}]}""",
        "Deployment shop: FailedCreate: pods \"shop-1\" is forbidden: exceeded quota: preview")]
    [InlineData("pods", """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient memory."}]}""",
        "pod shop: Unschedulable: 0/3 nodes are available")]
    [InlineData("pods", """
        {"containerStatuses":[{"name":"app","image":"x","imageID":"","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 1m20s"}},
         "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}
        """, "CrashLoopBackOff (exit code 137): back-off 1m20s; it last ended with OOMKilled")]
    [InlineData("pods", """{"containerStatuses":[{"name":"app","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ErrImagePull","message":"manifest unknown"}}}]}""",
        "ErrImagePull: manifest unknown")]
    public async Task Object_DoesNotComeUp_IsTheCauseOnThePullRequestToo(string plural, string status, string cause)
    {
        await using var bench = await StartingAsync();
        Create(bench, plural, "shop", status);
        bench.Time.Move(TimeSpan.FromSeconds(30));

        (await bench.UntilAsync(Name, one => one.Cause is not null)).Cause!.ShouldContain(cause);

        await bench.UntilCommentAsync(cause);
    }

    [Fact]
    public async Task Ingress_WaitsForAnAddress_SaysWhatTheControllerHasToPublish()
    {
        await using var bench = await StartingAsync();
        Create(bench, "ingresses", "shop", "{}");
        bench.Time.Move(TimeSpan.FromSeconds(30));
        (await bench.UntilAsync(Name, one => one.Cause is not null)).Cause!.ShouldContain("publishedService");
    }

    [Fact]
    public async Task Objects_SeveralAreNotUp_TheOneNearestToTheCauseIsTold()
    {
        await using var bench = await StartingAsync();
        Create(bench, "ingresses", "shop", "{}");
        Create(bench, "deployments", "shop", """{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"late"}]}""");
        Create(bench, "pods", "shop", """{"containerStatuses":[{"name":"app","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ErrImagePull","message":"manifest unknown"}}}]}""");
        bench.Time.Move(TimeSpan.FromSeconds(30));
        (await bench.UntilAsync(Name, one => one.Cause is not null)).Cause!.ShouldContain("ErrImagePull");
    }

    [Fact]
    public async Task Objects_MayNotBeRead_ThePreviewGoesOnAndTheMissingRightIsTold()
    {
        await using var bench = await StartingAsync();
        bench.Api.Fail(ApiFault.Answer(call => call.Resource == "ingresses.networking.k8s.io", 403, "Forbidden", "ingresses is forbidden", times: int.MaxValue));
        bench.Time.Move(TimeSpan.FromSeconds(30));

        var waiting = await bench.UntilAsync(Name, one => one.Cause is not null);

        waiting.State.ShouldBe(PreviewState.Starting);
        waiting.Cause!.ShouldContain("ingresses");
    }

    private static async Task<PreviewBench> StartingAsync()
    {
        var bench = await PreviewBench.StartAsync();
        bench.Argo.Stage = _ => ArgoStage.Progressing;
        await bench.SendAsync(bench.Open());
        await bench.UntilAsync(Name, one => one.State is PreviewState.Starting);
        return bench;
    }

    private static void Create(PreviewBench bench, string plural, string name, string status)
    {
        JsonNode container = JsonNode.Parse("""{"name":"app","image":"x","resources":{"requests":{"cpu":"1m","memory":"1Mi"},"limits":{"cpu":"1m","memory":"1Mi"}}}""")!;
        JsonNode spec = plural switch
        {
            "pods" => new JsonObject { ["containers"] = new JsonArray(container) },
            "deployments" => new JsonObject
            {
                ["selector"] = JsonNode.Parse("""{"matchLabels":{"a":"b"}}"""),
                ["template"] = new JsonObject { ["metadata"] = JsonNode.Parse("""{"labels":{"a":"b"}}"""), ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) } },
            },
            _ => new JsonObject(),
        };
        if (plural == "persistentvolumeclaims")
        {
            // A preview's own quota allows none; the platform's may be another.
            bench.Cluster.Change("resourcequotas", Name, "preview", item => item["spec"]!["hard"]!.AsObject().Remove(plural));
        }

        bench.Create(plural, Name, name, ("spec", spec));
        if (bench.Cluster.Resources.Named(plural).HasStatus)
        {
            bench.Cluster.ChangeStatus(plural, Name, name, found => Fill(found, status));
        }
        else
        {
            bench.Cluster.Change(plural, Name, name, item => Fill((item["status"] = new JsonObject()).AsObject(), status));
        }
    }

    private static void Fill(JsonObject found, string status)
    {
        foreach (var (key, value) in JsonNode.Parse(status)!.AsObject())
        {
            found[key] = value?.DeepClone();
        }
    }
}
