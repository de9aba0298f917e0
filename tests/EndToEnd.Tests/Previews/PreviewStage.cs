using System.Net;
using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;
using Ebb.EndToEnd.Tests.Scaling;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Registry;

namespace Ebb.EndToEnd.Tests.Previews;

/// <summary>A Git host with one pull request, a cluster with Argo CD and a registry, and what ebb needs to work with them.</summary>
internal sealed class PreviewStage : IAsyncDisposable
{
    public const string Name = "shop-pr-7";
    public const string Application = "applications.argoproj.io";

    private const string Sha = "1111111111111111111111111111111111111111";
    private const string HookSecret = "a-secret-only-for-this-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-previews-");
    private readonly WebhookSender _sender = new("gitea", HookSecret);
    private readonly GiteaServer _git;
    private readonly FaultyRegistry _registry;
    private readonly GitRepositoryState _repository;
    private readonly ArgoCdController _argo;
    private readonly GitPull _pull;

    private PreviewStage(KubernetesApiServer api, GiteaServer git, FaultyRegistry registry)
    {
        (Api, _git, _registry) = (api, git, registry);
        api.Cluster.Resources.Add(new ApiResource("argoproj.io", "v1alpha1", "applications", "Application", true) { IsCustom = true });
        api.Cluster.Resources.Add(new ApiResource("argoproj.io", "v1alpha1", "appprojects", "AppProject", true) { IsCustom = true });
        foreach (var name in new[] { "argocd", "ebb" })
        {
            api.Cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        api.Cluster.Create("appprojects", new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "argocd", ["name"] = "previews" }, ["spec"] = new JsonObject() });
        _argo = new ArgoCdController(api.Cluster, TimeProvider.System);
        registry.Add("acme/shop", TestImage.Create(1, ["amd64"], [100]), Sha);
        _repository = git.Add("42", "acme/shop").WithFile(Sha, "values.yaml", "logLevel: debug\n");
        _pull = _repository.Open(7, "preview/shop/new-basket", Sha);
    }

    public KubernetesApiServer Api { get; }

    /// <summary>Namespaces and Applications of the preview.</summary>
    public IEnumerable<string> Objects =>
    [
        .. Api.Cluster.List("namespaces", null).Select(item => $"{item["metadata"]!["name"]}").Where(name => name == Name),
        .. Api.Cluster.List("applications", "argocd").Select(item => $"application {item["metadata"]!["name"]}"),
    ];

    /// <summary>The pull request's comments by ebb.</summary>
    public int Comments
    {
        get
        {
            lock (_git.Gate)
            {
                return _repository.Comments.Count;
            }
        }
    }

    public static async Task<PreviewStage> StartAsync()
    {
        var stage = new PreviewStage(await KubernetesApiServer.StartAsync(), await GitHostServer.StartAsync<GiteaServer>(), await FaultyRegistry.StartAsync());
        Directory.CreateDirectory(stage.File("keys"));
        Directory.CreateDirectory(stage.File("hooks"));
        await System.IO.File.WriteAllTextAsync(stage.File("keys/host.master"), Workspace.MasterKey);
        await System.IO.File.WriteAllTextAsync(stage.File("hooks/gitea.current"), HookSecret);
        await System.IO.File.WriteAllTextAsync(stage.File("git-token"), stage._git.Token);
        await System.IO.File.WriteAllTextAsync(stage.File("kubeconfig"), KubeConfigFile.Of(stage.Api));
        return stage;
    }

    /// <summary>Starts ebb, the second time on what the first left behind.</summary>
    public Task<HostProcess> StartEbbAsync() => HostProcess.StartAsync(Peers.Ebb, _folder.FullName, new Dictionary<string, string>
    {
        ["Storage"] = $"sqlite:{File("storage")}/ebb.db",
        ["FunctionKeys__Directory"] = File("keys"),
        ["Git__WebhookSecrets"] = File("hooks"),
        ["Git__Hooks__gitea__Host"] = "gitea",
        ["Git__Hosts__gitea__Address"] = _git.Address,
        ["Git__Hosts__gitea__TokenFile"] = File("git-token"),
        ["Kubernetes__KubeConfig"] = File("kubeconfig"),
        ["PrPreview__Domain"] = "preview.example.com",
        ["PrPreview__Image"] = $"{_registry.Host}/{{owner}}/{{app}}",
        ["PrPreview__ChartRepository"] = "harbor.example.com/charts",
        ["PrPreview__ChartVersion"] = "1.2.3",
        ["PrPreview__ReapSchedule"] = "0 0 0 1 1 *",
        ["Queues__LeaseDuration"] = "00:00:05",
    });

    /// <summary>Sends the signed webhook of the pull request as it is now.</summary>
    public async Task TellAsync(HostProcess host, string action)
    {
        (string Event, byte[] Body) payload;
        lock (_git.Gate)
        {
            _pull.State = action == "closed" ? "closed" : "open";
            _pull.UpdatedAt += TimeSpan.FromMinutes(1);
            payload = WebhookPayloads.Of("gitea", _repository, _pull, action);
        }

        using var request = _sender.Delivery(new Uri(host.Client.BaseAddress!, "/api/git/gitea/gitea"), payload.Event, payload.Body);
        using var answer = await host.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, host.Log);
    }

    /// <summary>Waits until the door tells this state.</summary>
    public static Task UntilAsync(HostProcess host, string state) => Eventually.TrueAsync(
        async () => (await Runs.GetAsync(host, "/api/previews?removed=true")).Run.AsArray().Any(preview => (string?)preview!["state"] == state),
        () => $"no preview is {state}. The host wrote:\n{host.Log}");

    public async ValueTask DisposeAsync()
    {
        await _argo.DisposeAsync();
        await Api.DisposeAsync();
        await _git.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);
}
