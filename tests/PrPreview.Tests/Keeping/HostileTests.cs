using System.Net;
using System.Net.Sockets;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.Storage;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>What whoever may open a pull request, or holds a hook's secret or a function key, can make the worker do: nothing beyond what is configured.</summary>
public sealed class HostileTests
{
    private const string Name = "shop-pr-7";

    [Fact]
    public async Task Event_NamesAnAddress_NobodyAsksThere()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var address = new Uri($"http://{trap.LocalEndpoint}/acme/shop.git");
        await using var bench = await PreviewBench.StartAsync();
        var said = bench.EventOf(bench.Open(), PullRequestAction.Opened) with { CloneUrl = address, Title = address.ToString(), Author = address.ToString() };

        (await bench.ReportOfAsync(await bench.SendAsync(said))).Outcome.ShouldBe(PreviewOutcome.Ready);

        trap.Pending().ShouldBeFalse();
        bench.Cluster.Get("applications", "argocd", Name).ToJsonString().ShouldNotContain(address.Authority);
    }

    [Fact]
    public async Task Values_AskForMoreThanAPreviewMayHave_LeaveTheApplicationAsItIs()
    {
        const string values = """
            image: {repository: evil.example.com/x, tag: latest}
            imagePullSecrets: [{name: admin}]
            serviceAccount: {name: default, automount: true}
            ingress: {host: www.example.com, annotations: {nginx.ingress.kubernetes.io/server-snippet: x}}
            env: [{name: A, valueFrom: {secretKeyRef: {name: admin, key: k}}}, {name: B, value: '{{ .Release }}'}, {name: C, value: kept}]
            volumes: [{hostPath: {path: /}}]
            hostNetwork: true
            livenessProbe: {httpGet: {host: 169.254.169.254, path: /ok}}
            extraManifests: [{kind: ClusterRoleBinding}]
            global: {image: evil}
            '{{ x }}': y
            """;
        await using var bench = await PreviewBench.StartAsync();

        var report = await bench.ReportOfAsync(await bench.SendAsync(bench.Open(values: values)));

        var application = bench.Cluster.Get("applications", "argocd", Name).ToJsonString();
        foreach (var asked in new[] { "evil", "admin", "www.example.com", "snippet", "hostPath", "hostNetwork", "169.254", "ClusterRoleBinding", "{{", "secretKeyRef" })
        {
            application.ShouldNotContain(asked);
        }

        bench.Values(Name)["env"]!.ToJsonString().ShouldBe("""[{"name":"C","value":"kept"}]""");
        bench.Values(Name)["image"]!["repository"]!.GetValue<string>().ShouldBe($"{bench.Registry.Host}/acme/shop");
        report.LeftOut!.ShouldContain("image");
    }

    [Fact]
    public async Task Event_ClaimsAnotherRepositorysId_ThatOnesPreviewStays()
    {
        await using var bench = await PreviewBench.StartAsync();
        await bench.ReportOfAsync(await bench.SendAsync(bench.Open()));
        var evil = bench.Git.Add("43", "mallory/evil");
        lock (bench.Git.Gate)
        {
            evil.Open(7, "preview/cart/y", Sample.Sha).State = "closed";
        }

        var said = Sample.Event(repositoryId: PreviewBench.RepositoryId, repository: "mallory/evil", branch: "preview/shop/x", state: PullRequestState.Closed, action: PullRequestAction.Closed);
        await bench.ReportOfAsync(await bench.SendAsync(said));

        (await bench.FindAsync(Name))!.State.ShouldBe(PreviewState.Ready);
        bench.IsGone(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Event_OfATimeThatHasNotComeYet_IsNotTheNewestForEver()
    {
        await using var bench = await PreviewBench.StartAsync(canAsk: false);
        var pull = bench.Open();
        await bench.ReportOfAsync(await bench.SendAsync(bench.EventOf(pull, PullRequestAction.Opened) with { UpdatedAt = bench.Time.GetUtcNow() + TimeSpan.FromDays(365) }));
        bench.Time.Move(TimeSpan.FromMinutes(1));
        bench.Change(pull, one => one.State = "closed");

        (await bench.ReportOfAsync(await bench.SendAsync(pull, PullRequestAction.Closed))).Outcome.ShouldBe(PreviewOutcome.Removed);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("gitlab")]
    [InlineData("http://169.254.169.254")]
    public async Task Request_NamesAHostThatIsNotConfigured_NobodyIsAsked(string server)
    {
        await using var bench = await PreviewBench.StartAsync();
        bench.Open();
        bench.Git.Requests.Clear();
        var request = new PreviewRequest { Host = GitHostKind.Gitea, Server = server, Repository = new GitRepository { Id = "42", FullName = "acme/shop" }, Number = 7 };

        var ended = await bench.EndOfAsync(await bench.AskAsync(request));

        ended.State.ShouldBe(RunState.Failed);
        ended.Error!.Message.ShouldContain("Git:Hosts");
        bench.Git.Requests.ShouldBeEmpty();
    }
}
