using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.EndToEnd.Tests.Processes;
using Ebb.EndToEnd.Tests.Servers;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Vault;

namespace Ebb.EndToEnd.Tests.Secrets;

/// <summary>A Vault, a cluster with External Secrets, and what ebb needs to work with both.</summary>
internal sealed class SecretsStage : IAsyncDisposable
{
    public const string Namespace = "shop-dev";
    public const string Path = "application/shop/dev/docker";
    public const string Key = "a-key-only-for-this-test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-secrets-");

    private SecretsStage(VaultServer vault, KubernetesApiServer cluster)
    {
        (Vault, Api) = (vault, cluster);
        Api.Cluster.Resources.Add(new ApiResource("external-secrets.io", "v1", "externalsecrets", "ExternalSecret", true) { HasStatus = true, CountsGenerations = true, IsCustom = true });
        Operator = new ExternalSecretsOperator(Api.Cluster, key => Vault.KeyValue().Data(key)?.ToDictionary(pair => pair.Key, pair => $"{pair.Value}"), TimeProvider.System);
        Deployments = new DeploymentController(Api.Cluster);
    }

    public VaultServer Vault { get; }

    public KubernetesApiServer Api { get; }

    private ExternalSecretsOperator Operator { get; }

    private DeploymentController Deployments { get; }

    public int Restarts => Api.Calls.Count(call => call is { Verb: "patch", Resource: "deployments.apps", Wrote: true });

    public string TagInCluster => Encoding.UTF8.GetString(Convert.FromBase64String((string)Api.Cluster.Get("secrets", Namespace, "web")["data"]!["METADATA_TAG"]!));

    public static async Task<SecretsStage> StartAsync()
    {
        var stage = new SecretsStage(await VaultServer.StartAsync(), await KubernetesApiServer.StartAsync());
        stage.Vault.KeyValue().Put(Path, ("METADATA_TAG", "1.3.0"), ("PASSWORD", "never-shown"));
        await stage.FillAsync();
        Directory.CreateDirectory(stage.File("keys"));
        await System.IO.File.WriteAllTextAsync(stage.File("keys/host.function.ci"), Key);
        await System.IO.File.WriteAllTextAsync(stage.File("keys/host.master"), Workspace.MasterKey);
        await System.IO.File.WriteAllTextAsync(stage.File("token"), stage.Vault.Tokens.Create(policies: ["read *", "list *", "create *", "update *", "patch *"]).Value);
        await System.IO.File.WriteAllTextAsync(stage.File("kubeconfig"), KubeConfigFile.Of(stage.Api));
        return stage;
    }

    /// <summary>Starts ebb, the second time on what the first left behind.</summary>
    public Task<HostProcess> StartEbbAsync() => HostProcess.StartAsync(Peers.Ebb, _folder.FullName, new Dictionary<string, string>
    {
        ["Storage"] = $"sqlite:{File("storage")}/ebb.db",
        ["FunctionKeys__Directory"] = File("keys"),
        ["Vault__Address"] = Vault.Address,
        ["Vault__TokenFile"] = File("token"),
        ["Kubernetes__KubeConfig"] = File("kubeconfig"),
        ["SecretBump__Namespace"] = "{application}-{environment}",
        ["SecretBump__PodPatience"] = "00:00:01",
        ["SecretBump__RefreshSchedule"] = "0 0 0 1 1 *",
        ["Queues__LeaseDuration"] = "00:00:05",
    });

    public static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HostProcess host, string change, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/secrets/{change}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-functions-key", Key);
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        await Operator.DisposeAsync();
        await Deployments.DisposeAsync();
        await Api.DisposeAsync();
        await Vault.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string File(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private async Task FillAsync()
    {
        Api.Cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        Api.Cluster.Create("externalsecrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = Namespace },
            ["spec"] = new JsonObject
            {
                ["refreshInterval"] = "1h",
                ["target"] = new JsonObject { ["name"] = "web" },
                ["dataFrom"] = new JsonArray(new JsonObject { ["extract"] = new JsonObject { ["key"] = Path } }),
            },
        });
        var labels = new JsonObject { ["app"] = "web" };
        Api.Cluster.Create("deployments", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = Namespace },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 2,
                ["selector"] = new JsonObject { ["matchLabels"] = labels },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "app",
                            ["image"] = "harbor.example.com/shop:1",
                            ["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "web" } }),
                        }),
                    },
                },
            },
        });
        await Api.Cluster.UntilAsync("deployments", Namespace, "web", item => (int?)item?["status"]?["availableReplicas"] == 2, TestContext.Current.CancellationToken);
        await Api.Cluster.UntilAsync("externalsecrets", Namespace, "web", item => item?["status"]?["syncedResourceVersion"] is not null, TestContext.Current.CancellationToken);
        Api.ForgetCalls();
    }
}
