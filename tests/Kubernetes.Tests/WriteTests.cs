using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

public sealed class WriteTests : KubernetesTestBase
{
    private static readonly ObjectReference Map = ResourceTypes.ConfigMaps.Named(Team, "c");

    [Fact]
    public async Task Create_Twice_AlreadyExists()
    {
        var made = await Client.CreateAsync(ResourceTypes.ConfigMaps, Objects.ConfigMap("c"), Token);
        var failure = await FailureAsync(() => Client.CreateAsync(ResourceTypes.ConfigMaps, Objects.ConfigMap("c"), Token));

        made.Metadata.Uid.ShouldNotBeEmpty();
        failure.Fault.ShouldBe(KubernetesFault.AlreadyExists);
        failure.ServerMessage.ShouldBe("configmaps \"c\" already exists");
    }

    [Fact]
    public async Task Create_AnswerLost_IsNotSentAgain()
    {
        Server.Fail(ApiFault.LoseAnswer(call => call.Verb == "create"));

        var failure = await FailureAsync(() => Client.CreateAsync(ResourceTypes.ConfigMaps, Objects.ConfigMap("c"), Token));

        failure.Fault.ShouldBe(KubernetesFault.Unreachable);
        Server.Calls.Count(call => call.Verb == "create").ShouldBe(1);
    }

    [Fact]
    public async Task Replace_ChangedMeanwhile_Conflict()
    {
        await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        var read = await Client.GetAsync(Map, Token);
        await Client.MergePatchAsync(Map, Data("b", "2"), null, Token);
        read.Json["data"]!["a"] = "9";

        var failure = await FailureAsync(() => Client.ReplaceAsync(ResourceTypes.ConfigMaps, read.Json, Token));

        failure.Fault.ShouldBe(KubernetesFault.Conflict);
        failure.Message.ShouldContain("the object has been modified");
        Server.Cluster.Get("configmaps", Team, "c")["data"]!.ToJsonString().ShouldBe("""{"a":"1","b":"2"}""");
    }

    [Fact]
    public async Task Replace_WithoutVersion_RefusedBeforeSending() =>
        await Should.ThrowAsync<ArgumentException>(() => Client.ReplaceAsync(ResourceTypes.ConfigMaps, Objects.ConfigMap("c"), Token));

    [Fact]
    public async Task MergePatch_NullAndVersion_RemovesAndGuards()
    {
        var made = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        var version = made.Item.Metadata.ResourceVersion;

        var patched = await Client.MergePatchAsync(Map, new JsonObject { ["data"] = new JsonObject { ["a"] = null, ["b"] = "2" } }, new PatchOptions { ResourceVersion = version }, Token);
        var late = await FailureAsync(() => Client.MergePatchAsync(Map, Data("c", "3"), new PatchOptions { ResourceVersion = version }, Token));

        patched.Json["data"]!.ToJsonString().ShouldBe("""{"b":"2"}""");
        late.Fault.ShouldBe(KubernetesFault.Conflict);
    }

    [Fact]
    public async Task JsonPatch_StepsAndVersion_AppliedOnceAndGuarded()
    {
        var made = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        var steps = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/data/b~1c", ["value"] = "2" });

        var patched = await Client.JsonPatchAsync(Map, steps, new PatchOptions { ResourceVersion = made.Item.Metadata.ResourceVersion }, Token);
        var late = await FailureAsync(() => Client.JsonPatchAsync(Map, steps, new PatchOptions { ResourceVersion = made.Item.Metadata.ResourceVersion }, Token));

        patched.Json["data"]!.ToJsonString().ShouldBe("""{"a":"1","b/c":"2"}""");
        late.Fault.ShouldBe(KubernetesFault.Conflict);
    }

    [Fact]
    public async Task MergePatch_Status_ChangesTheStatusAndNothingElse()
    {
        await ApplyAsync(Objects.Deployment("web"), ResourceTypes.Deployments);
        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 7 }, ["status"] = new JsonObject { ["replicas"] = 1 } };

        var patched = await Client.MergePatchAsync(ResourceTypes.Deployments.Named(Team, "web"), patch, new PatchOptions { Status = true }, Token);

        patched.Status.Number("replicas").ShouldBe(1);
        patched.Spec.Number("replicas").ShouldBe(1);
        patched.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task MergePatch_SameValues_WritesNothing()
    {
        await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        Server.ForgetCalls();

        await Client.MergePatchAsync(Map, Data("a", "1"), null, Token);

        Server.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_OtherUid_ConflictAndStillThere()
    {
        await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);

        var failure = await FailureAsync(() => Client.DeleteAsync(Map, new DeleteOptions { Uid = "another" }, Token));

        failure.Fault.ShouldBe(KubernetesFault.Conflict);
        failure.Message.ShouldContain("UID in precondition: another");
        Server.Cluster.Find("configmaps", Team, "c").ShouldNotBeNull();
    }

    [Fact]
    public async Task Delete_Twice_SaysThatItWasNotThere()
    {
        await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);

        (await Client.DeleteAsync(Map, null, Token)).ShouldBe(DeleteResult.Accepted);
        (await Client.DeleteAsync(Map, null, Token)).ShouldBe(DeleteResult.NotThere);
    }

    [Theory]
    [InlineData(PropagationPolicy.Background, false)]
    [InlineData(PropagationPolicy.Foreground, false)]
    [InlineData(PropagationPolicy.Orphan, true)]
    public async Task Delete_Propagation_DecidesOverWhatItOwns(PropagationPolicy policy, bool stays)
    {
        var owner = await ApplyAsync(Objects.ConfigMap("owner"), ResourceTypes.ConfigMaps);
        var owned = Objects.ConfigMap("owned");
        owned["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = "owner",
            ["uid"] = owner.Item.Metadata.Uid,
        });
        await ApplyAsync(owned, ResourceTypes.ConfigMaps);

        await Client.DeleteAsync(ResourceTypes.ConfigMaps.Named(Team, "owner"), new DeleteOptions { Propagation = policy }, Token);

        Server.Cluster.Find("configmaps", Team, "owner").ShouldBeNull();
        (Server.Cluster.Find("configmaps", Team, "owned") is not null).ShouldBe(stays);
    }

    [Fact]
    public async Task Secret_RefusedValue_NotInTheError()
    {
        const string Value = "s3cret-of-the-shop";
        var patch = new JsonObject { ["stringData"] = new JsonObject { ["password"] = Value }, ["spec"] = new JsonObject() };
        await ApplyAsync(Objects.Secret("s", "password", "old"), ResourceTypes.Secrets);

        // The real server quotes the whole patch here.
        var failure = await FailureAsync(() => Client.MergePatchAsync(ResourceTypes.Secrets.Named(Team, "s"), patch, null, Token));

        failure.Fault.ShouldBe(KubernetesFault.Invalid);
        failure.ToString().ShouldNotContain(Value);
        failure.ServerMessage.ShouldNotContain(Value);
        failure.Causes.ShouldAllBe(cause => !cause.Message.Contains(Value));
    }

    [Fact]
    public async Task Create_OverQuota_SaysWhichQuota()
    {
        var quota = Objects.Object("v1", "ResourceQuota", "preview", Team);
        quota["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "1" } };
        await ApplyAsync(quota, ResourceTypes.ResourceQuotas);
        await ApplyAsync(Objects.Pod("one"), ResourceTypes.Pods);

        var failure = await FailureAsync(() => ApplyAsync(Objects.Pod("two"), ResourceTypes.Pods));

        failure.Fault.ShouldBe(KubernetesFault.QuotaExceeded);
        failure.Message.ShouldContain("exceeded quota: preview, requested: pods=1, used: pods=1, limited: pods=1");
        Server.Cluster.Get("resourcequotas", Team, "preview")["status"]!["used"]!.ToJsonString().ShouldBe("""{"pods":"1"}""");
    }

    private static JsonObject Data(string key, string value) => new() { ["data"] = new JsonObject { [key] = value } };
}
