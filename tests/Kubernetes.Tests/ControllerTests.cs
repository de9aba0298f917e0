using System.Text.Json.Nodes;
using Ebb.Kubernetes.Workloads;
using Ebb.TestServers.Kubernetes.Controllers;
using k8s.Models;

namespace Ebb.Kubernetes.Tests;

/// <summary>What functions will rely on, seen through the client: the controllers of the stand-in.</summary>
public sealed class ControllerTests : KubernetesTestBase
{
    private static readonly ObjectReference Web = ResourceTypes.Deployments.Named(Team, "web");
    private static readonly ObjectReference External = ResourceTypes.ExternalSecrets.Named(Team, "web");

    [Fact]
    public async Task Deployment_RolledOut_OldPodsGoWhenNewOnesAreReady()
    {
        await using var controller = new DeploymentController(Server.Cluster);
        await ApplyAsync(Objects.Deployment("web", replicas: 2), ResourceTypes.Deployments);
        await Client.WaitAsync(Web, Complete, Patience, Token);

        controller.Outcome = _ => PodOutcome.Starting;
        await ApplyAsync(Objects.Deployment("web", image: "harbor.example.com/shop/web:2", replicas: 2), ResourceTypes.Deployments);
        var between = await Client.WaitAsync(Web, found => found!.Status.Number("replicas") == 4, Patience, Token);
        RolloutStatus.Of(between!).Phase.ShouldBe(RolloutPhase.Progressing);

        controller.Outcome = _ => PodOutcome.Ready;
        controller.LookAgain();
        await Client.WaitAsync(Web, Complete, Patience, Token);

        (await Pods()).Select(pod => pod.Spec.Items("containers").OfType<JsonObject>().Single().Text("image")).ShouldBe(["harbor.example.com/shop/web:2", "harbor.example.com/shop/web:2"]);
        controller.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployment_ImageMissing_PodSaysSoAndTheDeadlineFailsIt()
    {
        await using var controller = new DeploymentController(Server.Cluster) { Outcome = _ => PodOutcome.ImagePullBackOff("web:9") with { DeadlineExceeded = true } };
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);

        await Client.WaitAsync(Web, found => found!.Status is not null && RolloutStatus.Of(found).Phase == RolloutPhase.Failed, Patience, Token);

        PodFailure.Of((await Pods()).Single()).ShouldNotBeNull().Reason.ShouldBe("ImagePullBackOff");
    }

    [Fact]
    public async Task Deployment_QuotaUsedUp_ConditionSaysSo()
    {
        var quota = Objects.Object("v1", "ResourceQuota", "preview", Team);
        quota["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "1" } };
        await ApplyAsync(quota, ResourceTypes.ResourceQuotas);
        await using var controller = new DeploymentController(Server.Cluster);
        await ApplyAsync(Objects.Deployment("web", replicas: 2), ResourceTypes.Deployments);

        var held = await Client.WaitAsync(Web, found => found!.Condition("ReplicaFailure") is not null, Patience, Token);

        held!.Condition("ReplicaFailure")!.Message.ShouldContain("exceeded quota: preview");
    }

    [Fact]
    public async Task Deployment_Deleted_PodsGoWithIt()
    {
        await using var controller = new DeploymentController(Server.Cluster);
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);
        await Client.WaitAsync(Web, Complete, Patience, Token);

        await Client.DeleteAsync(Web, new V1DeleteOptions { PropagationPolicy = "Foreground" }, Token);

        (await Pods()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1h", "Periodic", true)]
    [InlineData("0", "Periodic", false)]
    [InlineData("0s", "Periodic", false)]
    [InlineData("1h", "CreatedOnce", false)]
    [InlineData("1h", "OnChange", true)]
    public async Task ExternalSecret_Annotated_SyncsWhereItsPolicySays(string interval, string policy, bool syncs)
    {
        Load("external-secrets.io_externalsecrets.yaml");
        var values = new Dictionary<string, string> { ["METADATA_TAG"] = "1.0.0" };
        await using var controller = new ExternalSecretsOperator(Server.Cluster, _ => values, TimeProvider.System);
        Server.Cluster.Create("externalsecrets", ExternalSecret(interval, policy));
        var before = await Client.WaitAsync(External, Synced, Patience, Token);

        values = new Dictionary<string, string> { ["METADATA_TAG"] = "1.1.0" };
        var reads = controller.Reads;
        await Client.MergePatchAsync(External, Annotation("force-sync", "1"), null, Token);
        if (syncs)
        {
            await Client.WaitAsync(External, found => found!.Status.Text("syncedResourceVersion") != before!.Status.Text("syncedResourceVersion"), Patience, Token);
        }
        else
        {
            // Something else is done after it, so it has been looked at.
            Server.Cluster.Create("externalsecrets", ExternalSecret("1h", "Periodic", "later"));
            await Client.WaitAsync(ResourceTypes.ExternalSecrets.Named(Team, "later"), Synced, Patience, Token);
            (controller.Reads - reads).ShouldBe(1);
        }

        var secret = await Client.GetAsync(ResourceTypes.Secrets.Named(Team, "web"), Token);
        Convert.FromBase64String(secret.Json.Child("data").Text("tag")!).ShouldBe(System.Text.Encoding.UTF8.GetBytes(syncs ? "1.1.0" : "1.0.0"));
    }

    [Fact]
    public async Task ExternalSecret_StoreHasNothing_NotReadyAndVersionKept()
    {
        Load("external-secrets.io_externalsecrets.yaml");
        IReadOnlyDictionary<string, string>? values = null;
        await using var controller = new ExternalSecretsOperator(Server.Cluster, _ => values, TimeProvider.System);
        Server.Cluster.Create("externalsecrets", ExternalSecret("1h", "Periodic"));

        var failed = await Client.WaitAsync(External, found => found!.Condition("Ready")?.Status == "False", Patience, Token);
        values = new Dictionary<string, string> { ["METADATA_TAG"] = "1" };
        controller.LookAgain();
        await Client.WaitAsync(External, Synced, Patience, Token);

        failed!.Condition("Ready")!.Reason.ShouldBe("SecretSyncedError");
        failed.Status.Text("syncedResourceVersion").ShouldBeNull();
    }

    [Fact]
    public async Task ClusterExternalSecret_OverwritesAnnotationsOfWhatItMakes()
    {
        Load("external-secrets.io_externalsecrets.yaml");
        Load("external-secrets.io_clusterexternalsecrets.yaml");
        await using var controller = new ExternalSecretsOperator(Server.Cluster, _ => new Dictionary<string, string> { ["METADATA_TAG"] = "1" }, TimeProvider.System);
        Server.Cluster.Create("clusterexternalsecrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web" },
            ["spec"] = new JsonObject { ["namespaces"] = new JsonArray(Team), ["externalSecretSpec"] = ExternalSecret("1h", "Periodic")["spec"]!.DeepClone() },
        });
        await Client.WaitAsync(External, Synced, Patience, Token);

        await Client.MergePatchAsync(External, Annotation("mine", "1"), null, Token);
        await Client.MergePatchAsync(ResourceTypes.ClusterExternalSecrets.Named("web"), Annotation("external-secrets.io/force-sync", "7"), null, Token);
        var made = await Client.WaitAsync(External, found => found!.GetAnnotation("external-secrets.io/force-sync") == "7", Patience, Token);

        made!.Metadata.Annotations.Keys.ShouldNotContain("mine");
    }

    [Fact]
    public async Task Reloader_SecretChanges_RollsOutWhoAsksForIt()
    {
        await using var controller = new Reloader(Server.Cluster);
        await ApplyAsync(Objects.Secret("web-env", "tag", "1"), ResourceTypes.Secrets);
        var web = Objects.Deployment("web");
        web["metadata"]!["annotations"] = new JsonObject { ["secret.reloader.stakater.com/reload"] = "web-env" };
        await ApplyAsync(web, ResourceTypes.Deployments);
        await ApplyAsync(Objects.Deployment("other"), ResourceTypes.Deployments);

        await ApplyAsync(Objects.Secret("web-env", "tag", "2"), ResourceTypes.Secrets);
        await Client.WaitAsync(Web, found => found!.Metadata.Generation == 2, Patience, Token);

        Server.Cluster.Get("deployments", Team, "other").Child("metadata").Number("generation").ShouldBe(1);
        controller.Reloads.ShouldBe(1);
    }

    [Fact]
    public async Task ArgoCd_Application_SyncsAndIsDeletedWithItsFinalizer()
    {
        await using var controller = Argo();
        var reference = Application();
        var healthy = await Client.WaitAsync(reference, found => found!.Status.Child("health").Text("status") == "Healthy", Patience, Token);

        await Client.DeleteAsync(reference, null, Token);
        await Client.WaitUntilGoneAsync(reference, null, Patience, Token);

        healthy!.Status.Child("sync").Text("status").ShouldBe("Synced");
        healthy.Status.Child("operationState").Text("phase").ShouldBe("Succeeded");
        healthy.Status.Child("sync").Items("revisions").Select(revision => revision.Text()).ShouldBe(["1.2.3", "0123456789abcdef0123456789abcdef01234567"]);
        controller.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task ArgoCd_OperationRuns_DeletionWaitsUntilItIsTerminated()
    {
        await using var controller = Argo();
        controller.Stage = _ => ArgoStage.Syncing;
        var reference = Application();
        await Client.WaitAsync(reference, found => found!.Status.Child("operationState").Text("phase") == "Running", Patience, Token);

        await Client.DeleteAsync(reference, null, Token);
        var held = await FailureAsync(() => Client.WaitUntilGoneAsync(reference, null, TimeSpan.FromMilliseconds(200), Token));
        var terminate = new JsonObject { ["status"] = new JsonObject { ["operationState"] = new JsonObject { ["phase"] = "Terminating" } } };
        await Client.MergePatchAsync(reference, terminate, null, Token);
        await Client.WaitUntilGoneAsync(reference, null, Patience, Token);

        held.Message.ShouldContain(ArgoCdController.Finalizer);
    }

    [Fact]
    public async Task ArgoCd_ProjectGone_DeletionBlocksUntilItIsBack()
    {
        await using var controller = Argo();
        var reference = Application();
        await Client.WaitAsync(reference, found => found!.Status.Child("health").Text("status") == "Healthy", Patience, Token);
        Server.Cluster.Delete("appprojects", "argocd", "previews");

        await Client.DeleteAsync(reference, null, Token);
        var blocked = await Client.WaitAsync(reference, found => found!.Condition("DeletionError") is not null, Patience, Token);
        Server.Cluster.Create("appprojects", Project());
        await Client.WaitUntilGoneAsync(reference, null, Patience, Token);

        blocked!.Condition("DeletionError")!.Message.ShouldContain("previews");
    }

    [Fact]
    public async Task ArgoCd_ChartBroken_ComparisonError()
    {
        await using var controller = Argo();
        controller.Stage = _ => ArgoStage.ComparisonError;
        var reference = Application();

        var failed = await Client.WaitAsync(reference, found => found!.Condition("ComparisonError") is not null, Patience, Token);

        failed!.Status.Child("sync").Text("status").ShouldBe("Unknown");
    }

    private ArgoCdController Argo()
    {
        Load("argoproj.io_applications.yaml");
        Load("argoproj.io_appprojects.yaml");
        Server.Cluster.Create("namespaces", Objects.Named("argocd"));
        Server.Cluster.Create("appprojects", Project());
        return new ArgoCdController(Server.Cluster, TimeProvider.System);
    }

    private ObjectReference Application()
    {
        Server.Cluster.Create("applications", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web-pr-1", ["namespace"] = "argocd", ["finalizers"] = new JsonArray(ArgoCdController.Finalizer) },
            ["spec"] = JsonNode.Parse("""
                {
                  "project": "previews",
                  "destination": {"server": "https://kubernetes.default.svc", "namespace": "web-pr-1"},
                  "sources": [
                    {"repoURL": "registry.example.com/charts", "chart": "platform-app", "targetRevision": "1.2.3"},
                    {"repoURL": "https://git.example.com/shop/web", "targetRevision": "0123456789abcdef0123456789abcdef01234567", "ref": "values"}
                  ]
                }
                """),
        });
        return ResourceTypes.Applications.Named("argocd", "web-pr-1");
    }

    private static JsonObject Project() => new() { ["metadata"] = new JsonObject { ["name"] = "previews", ["namespace"] = "argocd" }, ["spec"] = new JsonObject() };

    private static JsonObject ExternalSecret(string interval, string policy, string name = "web") => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Team },
        ["spec"] = new JsonObject
        {
            ["refreshInterval"] = interval,
            ["refreshPolicy"] = policy,
            ["secretStoreRef"] = new JsonObject { ["name"] = "vault", ["kind"] = "SecretStore" },
            ["data"] = new JsonArray(new JsonObject { ["secretKey"] = "tag", ["remoteRef"] = new JsonObject { ["key"] = "application/web/dev/docker", ["property"] = "METADATA_TAG" } }),
        },
    };

    private void Load(string definition) => Server.Cluster.Resources.LoadDefinition(Definitions.Find(definition));

    private static bool Complete(KubernetesObject? found) => found?.Status is not null && RolloutStatus.Of(found).IsComplete;

    private static bool Synced(KubernetesObject? found) => found?.Condition("Ready")?.IsTrue == true;

    private static JsonObject Annotation(string name, string value) => new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } };

    private async Task<IReadOnlyList<KubernetesObject>> Pods() => (await Client.ListAsync(ResourceTypes.Pods, Team, null, Token)).Items;
}
