using System.Net;
using System.Text;
using Ebb.TestServers.Kubernetes;

namespace Ebb.Kubernetes.Tests;

public sealed class FaultTests : KubernetesTestBase
{
    private static readonly ObjectReference Map = ResourceTypes.ConfigMaps.Named(Team, "c");

    [Fact]
    public async Task Unauthorized_OtherToken_SaysWhichCredential()
    {
        var failure = await FailureAsync(() => Connect(Options("wrong")).GetAsync(Map, Token));

        failure.Fault.ShouldBe(KubernetesFault.Unauthorized);
        failure.Message.ShouldContain("expired");
        failure.Message.ShouldNotContain("wrong");
    }

    [Theory]
    [InlineData("get", "the verb 'get' on 'configmaps' of the API group '' in a Role bound in the namespace shop")]
    [InlineData("delete", "the verb 'delete' on 'configmaps'")]
    public async Task Forbidden_MissingRight_SaysWhichAndWhere(string verb, string remedy)
    {
        var client = Allowed();

        var failure = await FailureAsync(() => verb == "get" ? client.GetAsync(Map, Token) : client.DeleteAsync(Map, null, Token));

        failure.Fault.ShouldBe(KubernetesFault.Forbidden);
        failure.ServerMessage.ShouldBe($"configmaps \"c\" is forbidden: User \"system:serviceaccount:ebb:worker\" cannot {verb} resource \"configmaps\" in API group \"\" in the namespace \"shop\"");
        failure.Message.ShouldContain(remedy);
    }

    [Fact]
    public async Task Forbidden_ApplyThatWouldCreate_NamesCreate()
    {
        var client = Allowed(new ApiRule("get,patch", "configmaps", Team));

        var failure = await FailureAsync(() => client.ApplyAsync(ResourceTypes.ConfigMaps, Objects.ConfigMap("c"), null, Token));

        failure.Message.ShouldContain("cannot create resource");
        failure.Message.ShouldContain("the verb 'create'");
    }

    [Theory]
    [InlineData(429, KubernetesFault.RateLimited)]
    [InlineData(500, KubernetesFault.ServerError)]
    [InlineData(503, KubernetesFault.ServerError)]
    public async Task Transient_PassesAfterAWhile_Succeeds(int code, KubernetesFault fault)
    {
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        Server.Fail(ApiFault.Answer(_ => true, code, times: 2, retryAfter: "0"));
        (await Client.GetAsync(Map, Token)).Metadata.Name.ShouldBe("c");

        Server.Fail(ApiFault.Answer(_ => true, code, times: 4, retryAfter: "0"));
        var failure = await FailureAsync(() => Client.GetAsync(Map, Token));

        failure.Fault.ShouldBe(fault);
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task RateLimited_LongRetryAfter_NotWaitedForAndTold()
    {
        var fault = Server.Fail(ApiFault.Answer(_ => true, 429, "TooManyRequests", times: 9, retryAfter: "3600"));

        var failure = await FailureAsync(() => Client.GetAsync(Map, Token));

        failure.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
        fault.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Read_ConnectionsCut_Repeated()
    {
        Server.Cluster.Create("configmaps", Objects.ConfigMap("c"));
        Server.Fail(ApiFault.Cut(_ => true, times: 2));

        (await Client.GetAsync(Map, Token)).Metadata.Name.ShouldBe("c");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"kind": "ConfigMap", "kind": "Secret"}""")]
    [InlineData("")]
    [InlineData("""{"kind": "ConfigMap"} {}""")]
    [InlineData("""{"kind": "ConfigMap", "data": {"a": "\ud800"}}""")]
    [InlineData("""{"kind": "ConfigMap", "data": {"a": {"b": 1, "\u0062": 2}}}""")]
    [InlineData("""{"kind": "ConfigMap", "metadata": {"name": 7}}""")]
    [InlineData("""{"kind": "ConfigMap", "metadata": {"creationTimestamp": "yesterday"}}""")]
    [InlineData("""{"kind": "ConfigMap", "metadata": {"labels": {"a": ["b"]}}}""")]
    public async Task Answer_NoObject_Protocol(string body)
    {
        Server.Fail(ApiFault.Raw(_ => true, 200, "application/json", Encoding.UTF8.GetBytes(body)));

        (await FailureAsync(() => Client.GetAsync(Map, Token))).Fault.ShouldBe(KubernetesFault.Protocol);
    }

    [Fact]
    public async Task Answer_EndlessNestingOrLength_Protocol()
    {
        Server.Fail(ApiFault.Raw(_ => true, 200, "application/json", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 200)))));
        (await FailureAsync(() => Client.GetAsync(Map, Token))).Fault.ShouldBe(KubernetesFault.Protocol);

        Server.Fail(ApiFault.Raw(_ => true, 200, "application/json", new byte[9 * 1024 * 1024], times: 4));
        (await FailureAsync(() => Client.GetAsync(Map, Token))).Message.ShouldContain("more than 8388608 bytes");
    }

    [Fact]
    public async Task Answer_ProxysPage_StatusDecides()
    {
        Server.Fail(ApiFault.Raw(_ => true, 403, "text/html", Encoding.UTF8.GetBytes("<html>no</html>")));

        var failure = await FailureAsync(() => Client.GetAsync(Map, Token));

        failure.Fault.ShouldBe(KubernetesFault.Forbidden);
        failure.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Answer_Redirect_NotFollowed()
    {
        Server.Fail(ApiFault.Raw(_ => true, 302, "text/plain", []));

        (await FailureAsync(() => Client.GetAsync(Map, Token))).Fault.ShouldBe(KubernetesFault.Protocol);
    }

    [Fact]
    public async Task Unreachable_NobodyListens_SaysWhere()
    {
        var failure = await FailureAsync(() => Connect(Options("a") with { Server = "http://127.0.0.1:1" }).GetAsync(Map, Token));

        failure.Fault.ShouldBe(KubernetesFault.Unreachable);
        failure.Message.ShouldContain("http://127.0.0.1:1");
    }

    [Theory]
    [InlineData("../pods")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public void Reference_NameThatLeadsElsewhere_Refused(string name) => Should.Throw<ArgumentException>(() => ResourceTypes.Pods.Named(Team, name));

    [Theory]
    [InlineData("Shop")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("")]
    public void Reference_NamespaceThatIsNone_Refused(string name) => Should.Throw<ArgumentException>(() => ResourceTypes.Pods.Named(name, "a"));
}
