using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;

namespace Ebb.SecretBump.Tests.Servers;

/// <summary>A bench with a cluster: External Secrets reads the Vault stand-in, deployments roll out, Reloader reloads.</summary>
internal sealed class ClusterBench : IAsyncDisposable
{
    public const string Namespace = "shop-dev";

    private readonly string _kubeConfig = Path.GetTempFileName();

    private ClusterBench(KubernetesApiServer server) => Server = server;

    public KubernetesApiServer Server { get; }

    public BumpBench Bumps { get; private set; } = null!;

    public ExternalSecretsOperator Operator { get; private set; } = null!;

    public DeploymentController Deployments { get; private set; } = null!;

    public Reloader Reloader { get; private set; } = null!;

    /// <summary>What the operator reads from the store, where that is not what is in it.</summary>
    public Func<string, Dictionary<string, string>?>? Seen { get; set; }

    /// <summary>How often an ExternalSecret was asked to read the store.</summary>
    public int Asks => Server.Calls.Count(call => call is { Verb: "patch", Resource: "externalsecrets.external-secrets.io", Wrote: true });

    /// <summary>How often a deployment's pod template was changed.</summary>
    public int RestartsOf(string deployment) => Server.Calls.Count(call => call is { Verb: "patch", Resource: "deployments.apps", Wrote: true } && call.Name == deployment);

    public static async Task<ClusterBench> StartAsync(params (string Key, string Value)[] settings)
    {
        var bench = new ClusterBench(await KubernetesApiServer.StartAsync());
        await File.WriteAllTextAsync(bench._kubeConfig, bench.KubeConfig(bench.Server.Address));
        bench.Bumps = await BumpBench.StartAsync(
            [("Kubernetes:KubeConfig", bench._kubeConfig), ("SecretBump:Namespace", "{application}-{environment}"), .. settings]);
        bench.Bumps.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "1.3.0"), ("PASSWORD", "p"));
        bench.Prepare();
        return bench;
    }

    /// <summary>What a client needs to find the API at an address.</summary>
    public string KubeConfig(string address) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = "c",
        ["contexts"] = new JsonArray(new JsonObject { ["name"] = "c", ["context"] = new JsonObject { ["cluster"] = "k", ["user"] = "u" } }),
        ["clusters"] = new JsonArray(new JsonObject { ["name"] = "k", ["cluster"] = new JsonObject { ["server"] = address } }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "u", ["user"] = new JsonObject { ["token"] = Server.Access.AdminToken } }),
    }.ToJsonString();

    /// <summary>An ExternalSecret that takes everything under a path, and waits until it has.</summary>
    public async Task AddExternalSecretAsync(string name, string key, Action<JsonObject>? change = null, string @namespace = Namespace)
    {
        var spec = new JsonObject
        {
            ["refreshInterval"] = "1h",
            ["secretStoreRef"] = new JsonObject { ["name"] = "vault" },
            ["target"] = new JsonObject { ["name"] = name },
            ["dataFrom"] = new JsonArray(new JsonObject { ["extract"] = new JsonObject { ["key"] = key } }),
        };
        change?.Invoke(spec);
        Server.Cluster.Create("externalsecrets", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace }, ["spec"] = spec });
        await Server.Cluster.UntilAsync("externalsecrets", @namespace, name, item => item?["status"]?["syncedResourceVersion"] is not null, BumpBench.Token);
    }

    /// <summary>A deployment whose pods take their variables from these Secrets, and waits until it runs.</summary>
    public Task AddDeploymentAsync(string name, bool reloader = false, params string[] secrets) => AddDeploymentAsync(Namespace, name, reloader, secrets);

    /// <summary>The same in a namespace.</summary>
    public Task AddDeploymentAsync(string @namespace, string name, bool reloader, string[] secrets) => AddDeploymentAsync(@namespace, name, reloader, secrets, _ => { });

    /// <summary>The same, changed before it is made.</summary>
    public async Task AddDeploymentAsync(string @namespace, string name, bool reloader, string[] secrets, Action<JsonObject> change)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = @namespace };
        if (reloader)
        {
            metadata["annotations"] = new JsonObject { ["reloader.stakater.com/auto"] = "true" };
        }

        var labels = new JsonObject { ["app"] = name };
        var deployment = new JsonObject
        {
            ["metadata"] = metadata,
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
                            ["envFrom"] = new JsonArray([.. secrets.Select(secret => new JsonObject { ["secretRef"] = new JsonObject { ["name"] = secret } })]),
                        }),
                    },
                },
            },
        };
        change(deployment);
        Server.Cluster.Create("deployments", deployment);
        await Server.Cluster.UntilAsync("deployments", @namespace, name, item => (int?)item?["status"]?["availableReplicas"] == 2, BumpBench.Token);
    }

    /// <summary>What most tests begin with: an ExternalSecret and a deployment that uses its Secret.</summary>
    public async Task AddShopAsync(bool reloader = false)
    {
        await AddExternalSecretAsync("web", BumpBench.PathOf("shop"));
        await AddDeploymentAsync("web", reloader, "web");
        Server.ForgetCalls();
    }

    public string TagInCluster(string secret = "web", string @namespace = Namespace) =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)Server.Cluster.Get("secrets", @namespace, secret)["data"]!["METADATA_TAG"]!));

    public async ValueTask DisposeAsync()
    {
        await Bumps.DisposeAsync();
        await Operator.DisposeAsync();
        await Deployments.DisposeAsync();
        await Reloader.DisposeAsync();
        await Server.DisposeAsync();
        File.Delete(_kubeConfig);
    }

    private void Prepare()
    {
        Server.Cluster.Resources.Add(new ApiResource("external-secrets.io", "v1", "externalsecrets", "ExternalSecret", true) { HasStatus = true, CountsGenerations = true, IsCustom = true });
        Server.Cluster.Resources.Add(new ApiResource("external-secrets.io", "v1", "clusterexternalsecrets", "ClusterExternalSecret", false) { HasStatus = true, CountsGenerations = true, IsCustom = true });
        Server.Cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        Operator = new ExternalSecretsOperator(Server.Cluster, key => (Seen ?? Read)(key), TimeProvider.System, () => [BumpBench.PathOf("shop")]);
        Deployments = new DeploymentController(Server.Cluster);
        Reloader = new Reloader(Server.Cluster);
    }

    /// <summary>What is in the store.</summary>
    public Dictionary<string, string>? Read(string key) => Bumps.Vault.Sealed ? null
        : Bumps.Vault.KeyValue().Data(key)?.ToDictionary(pair => pair.Key, pair => $"{pair.Value}");
}
