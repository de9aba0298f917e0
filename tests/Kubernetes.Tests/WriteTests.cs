using System.Text;
using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;
using k8s.Models;

namespace Ebb.Kubernetes.Tests;

public sealed class WriteTests : KubernetesTestBase
{
    private static readonly ObjectReference Map = ResourceTypes.ConfigMaps.Named(Team, "c");

    [Fact]
    public async Task MergePatch_NullAndVersion_RemovesAndGuards()
    {
        var made = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        var version = made.Item.Metadata.ResourceVersion;

        var patched = await Client.MergePatchAsync(Map, new JsonObject { ["data"] = new JsonObject { ["a"] = null, ["b"] = "2" } }, version, Token);
        var late = await FailureAsync(() => Client.MergePatchAsync(Map, Data("c", "3"), version, Token));

        patched.Json["data"]!.ToJsonString().ShouldBe("""{"b":"2"}""");
        late.Fault.ShouldBe(KubernetesFault.Conflict);
    }

    [Fact]
    public async Task MergePatch_ForOneVersionAndTheAnswerLost_IsNotSentAgain()
    {
        var made = await ApplyAsync(Objects.ConfigMap("c"), ResourceTypes.ConfigMaps);
        Server.ForgetCalls();
        Server.Fail(ApiFault.LoseAnswer(call => call.Verb == "patch"));

        var failure = await FailureAsync(() => Client.MergePatchAsync(Map, Data("a", "2"), made.Item.Metadata.ResourceVersion, Token));

        failure.Fault.ShouldBe(KubernetesFault.Unreachable);
        Server.Calls.Count(call => call.Verb == "patch").ShouldBe(1);
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

        var failure = await FailureAsync(() => Client.DeleteAsync(Map, new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "another" } }, Token));

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
    [InlineData("Background", false)]
    [InlineData("Foreground", false)]
    [InlineData("Orphan", true)]
    public async Task Delete_Propagation_DecidesOverWhatItOwns(string policy, bool stays)
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

        await Client.DeleteAsync(ResourceTypes.ConfigMaps.Named(Team, "owner"), new V1DeleteOptions { PropagationPolicy = policy }, Token);

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
    public async Task Secret_ReadAndShown_NeverItsValues()
    {
        const string Value = "s3cret-of-the-shop";
        await ApplyAsync(Objects.Secret("s", "password", Value), ResourceTypes.Secrets);

        var secret = await Client.GetAsync(ResourceTypes.Secrets.Named(Team, "s"), Token);
        var model = secret.As(KubernetesModels.Default.V1Secret);

        Encoding.UTF8.GetString(model.Data["password"]).ShouldBe(Value);
        foreach (var shown in new[] { $"{secret}", $"{model}", $"{model with { StringData = new Dictionary<string, string> { ["password"] = Value } }}" })
        {
            shown.ShouldNotContain(Value);
            shown.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)));
        }
    }

    [Fact]
    public async Task Secret_AnswerThatIsNone_NotInTheError()
    {
        const string Answer = """{"kind":"Secret","apiVersion":"v1","metadata":{"name":"s"},"data":{"password":"s3cret of the shop"}}""";
        Server.Fail(ApiFault.Raw(_ => true, 200, "application/json", Encoding.UTF8.GetBytes(Answer)));
        var secret = await Client.GetAsync(ResourceTypes.Secrets.Named(Team, "s"), Token);

        var failure = Should.Throw<KubernetesException>(() => secret.As(KubernetesModels.Default.V1Secret));

        failure.Fault.ShouldBe(KubernetesFault.Protocol);
        failure.Message.ShouldContain("Secret s");
        failure.Message.ShouldContain("$.data.password");
        failure.ToString().ShouldNotContain("s3cret");
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
