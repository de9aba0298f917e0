using System.Text.Json.Nodes;
using Ebb.TestServers.Git;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Registry;

namespace Ebb.SimulatedPlatform;

/// <summary>The stand-ins, and what people and pipelines do with them.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private static readonly string[] Kinds =
        ["resourcequotas", "limitranges", "networkpolicies", "secrets", "deployments", "pods"];

    private readonly ArgoCdController _argo;
    private readonly DeploymentController _deployments;
    private readonly GitRepositoryState _repository;
    private readonly HttpClient _http = new();
    private readonly WebhookSender _sender;

    private Platform(KubernetesApiServer api, GiteaServer git, FaultyRegistry registry, string secret)
    {
        (Api, Git, Registry) = (api, git, registry);
        _sender = new WebhookSender("gitea", secret);
        _repository = git.Add("42", "acme/shop");
        var resources = api.Cluster.Resources;
        resources.Add(new ApiResource("argoproj.io", "v1alpha1", "applications", "Application", true) { IsCustom = true });
        resources.Add(new ApiResource("argoproj.io", "v1alpha1", "appprojects", "AppProject", true) { IsCustom = true });
        foreach (var name in new[] { "argocd", "ebb" })
        {
            Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        Create("appprojects", new JsonObject { ["metadata"] = Metadata("argocd", "previews"), ["spec"] = new JsonObject() });
        Create("secrets", new JsonObject
        {
            ["metadata"] = Metadata("ebb", "preview-pull-source"),
            ["type"] = "kubernetes.io/dockerconfigjson",
            ["data"] = new JsonObject { [".dockerconfigjson"] = Convert.ToBase64String("""{"auths":{}}"""u8) },
        });
        _deployments = new DeploymentController(api.Cluster);
        _argo = new ArgoCdController(api.Cluster, TimeProvider.System) { Render = Chart };
    }

    public KubernetesApiServer Api { get; }

    public GiteaServer Git { get; }

    public FaultyRegistry Registry { get; }

    public static async Task<Platform> StartAsync(string secret) => new(
        await KubernetesApiServer.StartAsync(), await GitHostServer.StartAsync<GiteaServer>(), await FaultyRegistry.StartAsync(), secret);

    public void PushImage(string app, string sha) => Registry.Add($"acme/{app}", TestImage.Create(1, ["amd64"], [100]), sha);

    public Task<int> OpenAsync(int number, string branch, string sha, Uri door) => TellAsync(door, "opened", () =>
    {
        _repository.WithFile(sha, "values.yaml", "logLevel: debug\nreplicaCount: 9\npersistence: {enabled: true}\n");
        return _repository.Open(number, branch, sha);
    });

    public Task<int> PushAsync(int number, string sha, Uri door) => TellAsync(door, "pushed", () =>
    {
        _repository.WithFile(sha, "values.yaml", "logLevel: info\n");
        _repository.Pulls[number].Head = sha;
        return _repository.Pulls[number];
    });

    public Task<int> CloseAsync(int number, Uri door) => TellAsync(door, "closed", () =>
    {
        _repository.Pulls[number].State = "closed";
        return _repository.Pulls[number];
    });

    /// <summary>What people see at the pull request.</summary>
    public JsonObject PullRequest(int number)
    {
        lock (Git.Gate)
        {
            return new JsonObject
            {
                ["comments"] = new JsonArray([.. _repository.Comments.Where(comment => comment.Pull == number).Select(comment => (JsonNode)comment.Body)]),
                ["statuses"] = new JsonArray([.. _repository.Statuses.Select(status => (JsonNode)$"{status.Commit[..8]} {status.Context} {status.State}: {status.Description}")]),
            };
        }
    }

    /// <summary>The objects of a preview.</summary>
    public IEnumerable<string> Objects(string name)
    {
        if (Api.Cluster.Find("namespaces", null, name) is { } ns)
        {
            yield return $"namespace/{name} {ns["status"]?["phase"]}";
        }

        foreach (var (kind, item) in Kinds.SelectMany(kind => Api.Cluster.List(kind, name).Select(item => (kind, item))))
        {
            yield return $"{kind}/{item["metadata"]!["name"]}";
        }

        if (Api.Cluster.Find("applications", "argocd", name) is { } application)
        {
            var values = JsonNode.Parse(application["spec"]!["source"]!["helm"]!["values"]!.GetValue<string>());
            yield return $"applications/{name} {application["status"]?["sync"]?["status"]} {application["status"]?["health"]?["status"]} image tag {values!["image"]!["tag"]}, {values["replicaCount"]} replica";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _argo.DisposeAsync();
        await _deployments.DisposeAsync();
        await Api.DisposeAsync();
        await Git.DisposeAsync();
        await Registry.DisposeAsync();
    }

    // The base chart in a nutshell: one Deployment with the image of the values.
    private static IEnumerable<(string Plural, JsonObject Item)> Chart(JsonObject application)
    {
        var (name, ns) = (application["metadata"]!["name"]!.GetValue<string>(), application["spec"]!["destination"]!["namespace"]!.GetValue<string>());
        var values = JsonNode.Parse(application["spec"]!["source"]!["helm"]!["values"]!.GetValue<string>())!;
        var labels = new JsonObject { ["app"] = name };
        yield return ("deployments", new JsonObject
        {
            ["metadata"] = Metadata(ns, name),
            ["spec"] = new JsonObject
            {
                ["replicas"] = values["replicaCount"]!.DeepClone(),
                ["selector"] = new JsonObject { ["matchLabels"] = labels },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = $"{values["image"]!["repository"]}:{values["image"]!["tag"]}" }),
                    },
                },
            },
        });
    }

    private async Task<int> TellAsync(Uri door, string action, Func<GitPull> change)
    {
        (string Event, byte[] Body) payload;
        lock (Git.Gate)
        {
            var pull = change();
            pull.UpdatedAt += TimeSpan.FromMinutes(1);
            payload = WebhookPayloads.Of("gitea", _repository, pull, action);
        }

        using var request = _sender.Delivery(door, payload.Event, payload.Body);
        using var response = await _http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private void Create(string plural, JsonObject item) => Api.Cluster.Create(plural, item);

    private static JsonObject Metadata(string ns, string name) => new() { ["namespace"] = ns, ["name"] = name };
}
