using System.Text;
using System.Text.Json.Nodes;
using Ebb.TestServers.Kubernetes;
using Ebb.TestServers.Kubernetes.Controllers;
using Ebb.TestServers.Vault;

namespace Ebb.SimulatedPlatform;

/// <summary>A Vault with one application's secret, and External Secrets that brings it to a deployment in <c>shop-dev</c>.</summary>
internal sealed class Secrets : IAsyncDisposable
{
    private const string Namespace = "shop-dev";
    private const string Path = "application/shop/dev/docker";

    private static readonly string[] Policies = ["read *", "list *", "create *", "update *", "patch *"];

    private readonly Cluster _cluster;
    private readonly ExternalSecretsOperator _operator;
    private readonly Reloader _reloader;

    private Secrets(Cluster cluster, VaultServer vault)
    {
        (_cluster, Vault) = (cluster, vault);
        vault.KeyValue().Put(Path, ("DB_PASSWORD", "hunter2"), ("METADATA_TAG", "1.3.0"));
        cluster.Resources.Add(new ApiResource("external-secrets.io", "v1", "externalsecrets", "ExternalSecret", true) { HasStatus = true, CountsGenerations = true, IsCustom = true });
        cluster.Resources.Add(new ApiResource("external-secrets.io", "v1", "clusterexternalsecrets", "ClusterExternalSecret", false) { HasStatus = true, CountsGenerations = true, IsCustom = true });
        cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        _operator = new ExternalSecretsOperator(cluster, Read, TimeProvider.System);
        _reloader = new Reloader(cluster);
        cluster.Create("externalsecrets", new JsonObject
        {
            ["metadata"] = Named("shop-env"),
            ["spec"] = new JsonObject
            {
                ["refreshInterval"] = "1h",
                ["secretStoreRef"] = new JsonObject { ["name"] = "vault" },
                ["target"] = new JsonObject { ["name"] = "shop-env" },
                ["dataFrom"] = new JsonArray(new JsonObject { ["extract"] = new JsonObject { ["key"] = Path } }),
            },
        });
        cluster.Create("deployments", Deployment());
    }

    public VaultServer Vault { get; }

    public static async Task<Secrets> StartAsync(Cluster cluster) => new(cluster, await VaultServer.StartAsync());

    /// <summary>A token that may do what the worker does.</summary>
    public string Token() => Vault.Tokens.Create(policies: Policies).Value;

    /// <summary>What is where, in a few lines.</summary>
    public string Describe()
    {
        var tag = _cluster.Find("secrets", Namespace, "shop-env")?["data"]?["METADATA_TAG"] is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String(value.GetValue<string>())) : "nothing";
        var deployment = _cluster.Get("deployments", Namespace, "shop");
        return $"""
            vault       kvv2/{Path}: version {Vault.KeyValue().CurrentVersion(Path)} with {Vault.KeyValue().Data(Path)?["METADATA_TAG"]}, other keys {(Vault.KeyValue().Data(Path)?["DB_PASSWORD"]?.GetValue<string>() == "hunter2" ? "untouched" : "CHANGED")}
            cluster     Secret shop-env holds {tag}
            deployment  shop: generation {deployment["metadata"]!["generation"]}, {deployment["status"]?["updatedReplicas"] ?? 0} of {deployment["spec"]!["replicas"]} pods new and {deployment["status"]?["availableReplicas"] ?? 0} available
            """;
    }

    /// <summary>Requests that Vault got so far.</summary>
    public int Requests => Vault.Count();

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _reloader.DisposeAsync();
        await Vault.DisposeAsync();
    }

    private static JsonObject Named(string name) => new() { ["namespace"] = Namespace, ["name"] = name };

    private static JsonObject Deployment()
    {
        var labels = new JsonObject { ["app"] = "shop" };
        return new JsonObject
        {
            ["metadata"] = Named("shop"),
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
                            ["image"] = "harbor.example.com/shop/shop:latest",
                            ["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "shop-env" } }),
                        }),
                    },
                },
            },
        };
    }

    private Dictionary<string, string>? Read(string key) => Vault.KeyValue().Data(key)?.ToDictionary(pair => pair.Key, pair => $"{pair.Value}");
}
