using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ebb.SecretBump.Tests.Servers;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>Two applications with two environments each, which run in a cluster, and what their pods were started with.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string FirstTag = "1.0";

    private const string Siblings = """{"B":"1.10","a":" x\n","METADATA_TAG":"1.0","n":{"x":[1,"2.0"]}}""";

    private readonly ConcurrentDictionary<string, string> _started = new();

    private Stage(ClusterBench bench) => Bench = bench;

    public static IReadOnlyList<string> Applications { get; } = ["shop", "till"];

    public static IReadOnlyList<string> Environments { get; } = ["dev", "prd"];

    public ClusterBench Bench { get; }

    public static async Task<Stage> StartAsync()
    {
        var stage = new Stage(await ClusterBench.StartAsync());
        stage.Bench.Bumps.Vault.KeyValue().MaxVersions = 100;
        stage.Bench.Deployments.PodMade = stage.Note;
        foreach (var (application, environment) in Places)
        {
            await stage.AddAsync(application, environment);
        }

        return stage;
    }

    /// <summary>Checks that an environment ended with a tag, everywhere, and that every version of it is accounted for.</summary>
    public async Task ShouldHoldAsync(string application, string environment, string tag)
    {
        var (path, @namespace) = (BumpBench.PathOf(application, environment), $"{application}-{environment}");
        var newest = Bench.Bumps.Vault.KeyValue().CurrentVersion(path);
        Bench.Bumps.TagOf(application, environment).ShouldBe(tag, @namespace);
        Bench.TagInCluster("web", @namespace).ShouldBe(tag, @namespace);
        Pods(@namespace).Select(pod => _started[(string)pod["metadata"]!["uid"]!]).ShouldBe([tag, tag], @namespace);
        Enumerable.Range(1, newest).Select(version => Untagged(Bench.Bumps.Vault.KeyValue().Data(path, version)!)).Distinct().ShouldHaveSingleItem();

        var known = await Bench.Bumps.KnownAsync(application, environment);
        known.Changes.Select(change => change.Version).ShouldBe(Versions(newest), @namespace);
        known.Changes.Select(change => change.Run).ShouldBeUnique();
        known.Changes.ShouldAllBe(change => change.Tag == (string)Bench.Bumps.Vault.KeyValue().Data(path, int.Parse(change.Version))!["METADATA_TAG"]!);
        (known.CurrentTag ?? tag, known.HealthyVersion ?? $"{newest}", known.Begun).ShouldBe((tag, $"{newest}", null), @namespace);
        foreach (var version in Versions(newest))
        {
            Bench.Bumps.Logs.Lines.ShouldContain(line => line.Contains($" of {application}/{environment} by ci") && line.Contains($"(version {version}), build"));
        }
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    public static IEnumerable<(string Application, string Environment)> Places =>
        Applications.SelectMany(application => Environments.Select(environment => (application, environment)));

    // All but the first, newest first.
    private static IEnumerable<string> Versions(int newest) => Enumerable.Range(2, newest - 1).Reverse().Select(version => $"{version}");

    private static string Untagged(JsonObject values)
    {
        values.Remove("METADATA_TAG");
        return values.ToJsonString();
    }

    private IEnumerable<JsonObject> Pods(string @namespace) => Bench.Server.Cluster.List("pods", @namespace).Where(pod => pod["metadata"]!["deletionTimestamp"] is null);

    private async Task AddAsync(string application, string environment)
    {
        var (path, @namespace) = (BumpBench.PathOf(application, environment), $"{application}-{environment}");
        if (Bench.Bumps.Vault.KeyValue().CurrentVersion(path) > 0)
        {
            Bench.Bumps.Vault.KeyValue().Remove(path);
        }

        Bench.Bumps.Vault.KeyValue().Put(path, Siblings);
        if (Bench.Server.Cluster.Find("namespaces", null, @namespace) is null)
        {
            Bench.Server.Cluster.Create("namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = @namespace } });
        }

        await Bench.AddExternalSecretAsync("web", path, @namespace: @namespace);
        await Bench.AddDeploymentAsync(@namespace, "web", reloader: false, ["web"]);
    }

    private void Note(JsonObject pod) =>
        _started[(string)pod["metadata"]!["uid"]!] = Bench.TagInCluster("web", (string)pod["metadata"]!["namespace"]!);
}
