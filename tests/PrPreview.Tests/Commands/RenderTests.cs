using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Commands;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview.Tests.Commands;

/// <summary><c>ebb preview render</c>, and with it every object of a preview against the files in Golden.</summary>
public sealed class RenderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-render-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("preview", false)]
    [InlineData("fork", true)]
    public async Task Render_Event_IsTheGoldenList(string golden, bool fork)
    {
        (await RenderAsync(Sample.Event(fork: fork), Values)).ShouldBe(0, _error.ToString());
        _error.ToString().ShouldContain("a branch may not set it: replicaCount");
        var file = Path.Combine(Definitions.Root(), $"tests/PrPreview.Tests/Golden/{golden}.json");
        if (Environment.GetEnvironmentVariable("EBB_WRITE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, _output.ToString(), TestContext.Current.CancellationToken);
        }

        _output.ToString().ShouldBe(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("preview")]
    [InlineData("fork")]
    public async Task Golden_Objects_AreAcceptedByAServerThatChecksThem(string golden)
    {
        Assert.SkipUnless(Definitions.AreHere, "The CRDs are not beside the repository (../shared/data/crds).");
        await using var api = await KubernetesApiServer.StartAsync();
        Definitions.Load(api.Cluster);
        api.Cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "argocd" } });
        using var cluster = new Kubernetes.KubernetesClient(
            new Kubernetes.KubernetesOptions { Server = api.Address, Credential = new Kubernetes.CredentialOptions { Token = api.Access.AdminToken } }, TimeProvider.System);
        var file = await File.ReadAllTextAsync(Path.Combine(Definitions.Root(), $"tests/PrPreview.Tests/Golden/{golden}.json"), TestContext.Current.CancellationToken);
        foreach (var item in JsonNode.Parse(file)!["items"]!.AsArray().Select(item => item!.DeepClone().AsObject()))
        {
            var type = api.Cluster.Resources.OfKind(item["apiVersion"]!.GetValue<string>(), item["kind"]!.GetValue<string>());
            var applied = await cluster.ApplyAsync(
                new Kubernetes.ResourceType(type.Group, type.Version, type.Plural, type.Kind, type.Namespaced), item, options: null, TestContext.Current.CancellationToken);
            applied.Outcome.ShouldBe(Kubernetes.ApplyOutcome.Created);
        }
    }

    [Fact]
    public async Task Render_OtherBranch_SaysWhy()
    {
        (await RenderAsync(Sample.Event(branch: "main"), "")).ShouldBe(1);
        _error.ToString().ShouldContain("preview/<app>/<description>");
    }

    [Fact]
    public async Task Render_ShortCommit_SaysWhy()
    {
        (await RenderAsync(Sample.Event(sha: "0123456789ab"), "")).ShouldBe(1);
        _error.ToString().ShouldContain("full commit");
    }

    [Fact]
    public async Task Render_ValuesThatExplode_SaysWhere()
    {
        (await RenderAsync(Sample.Event(), "a: &a [x]\nb: *a\n")).ShouldBe(1);
        _error.ToString().ShouldContain("values.yaml cannot be used: line 1");
    }

    private const string Values = """
        logLevel: debug
        replicaCount: 5
        env:
          - {name: GREETING, value: hello}
          - {name: PASSWORD, valueFrom: {secretKeyRef: {name: preview-pull, key: .dockerconfigjson}}}
        ingress: {host: www.example.com}
        persistence: {enabled: true, size: 100Gi}
        secrets: {database: shop-env}
        """;

    private async Task<int> RenderAsync(PullRequestEvent @event, string values)
    {
        var (file, valuesFile) = (Path.Combine(_folder.FullName, "event.json"), Path.Combine(_folder.FullName, "values.yaml"));
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(@event, ContractsJson.Default.PullRequestEvent), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(valuesFile, values, TestContext.Current.CancellationToken);
        var command = PreviewCommand.Create(new ConfigurationBuilder().AddInMemoryCollection(Sample.Settings).Build());
        return await command.Parse(["render", file, "--values", valuesFile])
            .InvokeAsync(new() { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
    }
}
