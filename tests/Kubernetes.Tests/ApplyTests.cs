using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;
using k8s.Models;

namespace Ebb.Kubernetes.Tests;

public sealed class ApplyTests : KubernetesTestBase
{
    private static readonly ObjectReference Web = ResourceTypes.Deployments.Named(Team, "web");

    [Fact]
    public async Task Apply_NewThenSameThenOther_SaysWhatItDidAndWritesOnceEach()
    {
        (await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments)).Outcome.ShouldBe(ApplyOutcome.Created);
        (await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments)).Outcome.ShouldBe(ApplyOutcome.Unchanged);
        var updated = await ApplyAsync(Objects.Deployment("web", replicas: 2), ResourceTypes.Deployments);

        updated.Outcome.ShouldBe(ApplyOutcome.Updated);
        updated.Item.Metadata.Generation.ShouldBe(2);
        Server.Writes.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Apply_KnownObject_IsNotReadAgain()
    {
        var first = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        Server.ForgetCalls();

        var second = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps, new ApplyOptions { Known = first.Item });

        second.Outcome.ShouldBe(ApplyOutcome.Unchanged);
        Server.Calls.Select(call => call.Verb).ShouldBe(["patch"]);
    }

    [Fact]
    public async Task Apply_FieldLeftOut_IsRemovedUnlessSomebodyElseOwnsIt()
    {
        var full = Objects.ConfigMap("c", "mine", "1");
        full["data"]!["shared"] = "2";
        await ApplyAsync(full, ResourceTypes.ConfigMaps);
        var other = Objects.ConfigMap("c", "shared", "2");
        await ApplyAsync(other, ResourceTypes.ConfigMaps, new ApplyOptions { FieldManager = "other" });

        var left = await ApplyAsync(Objects.ConfigMap("c", "new", "3"), ResourceTypes.ConfigMaps);

        left.Item.Json["data"]!.ToJsonString().ShouldBe("""{"shared":"2","new":"3"}""");
    }

    [Fact]
    public async Task Apply_OtherManagersField_ConflictsWithoutForceAndIsTakenOverWithIt()
    {
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments, new ApplyOptions { FieldManager = "argocd" });

        var failure = await FailureAsync(() => ApplyAsync(Objects.Deployment("web", replicas: 3), ResourceTypes.Deployments, new ApplyOptions { Force = false }));

        failure.Fault.ShouldBe(KubernetesFault.OwnedByAnother);
        failure.Causes.ShouldBe(
            [new V1StatusCause { Reason = "FieldManagerConflict", Message = "conflict with \"argocd\" using apps/v1", Field = ".spec.replicas" }]);
        failure.Message.ShouldContain("'ebb'");
        var taken = await ApplyAsync(Objects.Deployment("web", replicas: 3), ResourceTypes.Deployments);
        taken.Item.Spec.Number("replicas").ShouldBe(3);
        (await FailureAsync(() => ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments, new ApplyOptions { FieldManager = "argocd", Force = false })))
            .Fault.ShouldBe(KubernetesFault.OwnedByAnother);
    }

    [Fact]
    public async Task Apply_OtherManagersListItem_StaysBesideOurs()
    {
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);
        var sidecar = Objects.Deployment("web");
        sidecar["spec"] = JsonNode.Parse("""{"selector": {"matchLabels": {"app": "web"}}, "template": {"spec": {"containers": [{"name": "proxy", "image": "p:1"}]}}}""");
        await ApplyAsync(sidecar, ResourceTypes.Deployments, new ApplyOptions { FieldManager = "mesh" });

        var after = await ApplyAsync(Objects.Deployment("web", image: "harbor.example.com/shop/web:2"), ResourceTypes.Deployments);

        var containers = after.Item.Spec.Child("template").Child("spec").Items("containers").OfType<JsonObject>().ToList();
        containers.Select(container => container.Text("name")).ShouldBe(["web", "proxy"]);
        containers[0].Text("image").ShouldBe("harbor.example.com/shop/web:2");
    }

    [Fact]
    public async Task Apply_UnknownField_InvalidAndAskedOnce()
    {
        var wrong = Objects.Deployment("web");
        wrong["spec"]!["replica"] = 2;

        var failure = await FailureAsync(() => ApplyAsync(wrong, ResourceTypes.Deployments));

        // The real server answers this with 500 (kubernetes#122480), which must not count as something that passes.
        failure.Fault.ShouldBe(KubernetesFault.Invalid);
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain(".spec.replica: field not declared in schema");
        Server.Calls.Count(call => call.Verb == "patch").ShouldBe(1);
    }

    [Fact]
    public async Task Apply_WrongValues_AllCausesNamed()
    {
        var wrong = Objects.Deployment("web");
        wrong["spec"]!["selector"] = JsonNode.Parse("""{"matchLabels": {"app": "other"}}""");
        wrong["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject().Remove("image");

        var failure = await FailureAsync(() => ApplyAsync(wrong, ResourceTypes.Deployments));

        failure.Fault.ShouldBe(KubernetesFault.Invalid);
        failure.Causes.Select(cause => cause.Field).ShouldBe(["spec.template.metadata.labels", "spec.template.spec.containers[0].image"]);
        failure.Message.ShouldContain("[spec.template.spec.containers[0].image: Required value]");
    }

    [Fact]
    public async Task Apply_ImmutableField_Invalid()
    {
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);
        var other = Objects.Deployment("web");
        other["spec"]!["selector"]!["matchLabels"] = new JsonObject { ["app"] = "web", ["x"] = "y" };
        other["spec"]!["template"]!["metadata"]!["labels"] = new JsonObject { ["app"] = "web", ["x"] = "y" };

        var failure = await FailureAsync(() => ApplyAsync(other, ResourceTypes.Deployments));

        failure.Causes.ShouldHaveSingleItem().Message.ShouldContain("field is immutable");
    }

    [Fact]
    public async Task Apply_DryRun_ChangesNothing()
    {
        var result = await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments, new ApplyOptions { DryRun = true });

        result.Outcome.ShouldBe(ApplyOutcome.Created);
        Server.Cluster.Find("deployments", Team, "web").ShouldBeNull();
    }

    [Fact]
    public async Task Apply_AnswerLost_IsSentAgainAndThereOnce()
    {
        Server.Fail(ApiFault.LoseAnswer(call => call.Verb == "patch"));

        var result = await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);

        result.Item.Metadata.Generation.ShouldBe(1);
        Server.Writes.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Apply_NamespaceNotThere_NotFoundNamesIt()
    {
        var failure = await FailureAsync(() => ApplyAsync(Objects.ConfigMap("c", at: "nowhere"), ResourceTypes.ConfigMaps));

        failure.Fault.ShouldBe(KubernetesFault.NotFound);
        failure.Message.ShouldContain("namespaces \"nowhere\" not found");
    }

    [Fact]
    public async Task Apply_OtherKindOrNoNamespace_RefusedBeforeSending()
    {
        await Should.ThrowAsync<ArgumentException>(() => ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.Secrets));
        await Should.ThrowAsync<ArgumentException>(() => ApplyAsync(Objects.ConfigMap("c", at: null), ResourceTypes.ConfigMaps));

        Server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_ToWhatAnUpdateOwns_ConflictsAsTheServerSays()
    {
        Server.Cluster.Create("deployments", Objects.Deployment("web", replicas: 3));
        await Client.MergePatchAsync(Web, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 1 } }, resourceVersion: null, Token);

        // The same name owns by update what it did not apply: the server tells the two apart.
        var failure = await FailureAsync(() => ApplyAsync(Objects.Deployment("web", replicas: 2), ResourceTypes.Deployments, new ApplyOptions { Force = false }));

        failure.Causes.ShouldHaveSingleItem().Message.ShouldBe("conflict with \"ebb\" using apps/v1");
        (await Client.GetAsync(Web, Token)).Spec.Number("replicas").ShouldBe(1);
    }
}
