using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests;

public sealed partial class AlertTests
{
    private static JsonNode Groups { get; } = GroupsOf("infra/monitoring/prometheus/rules.yaml");

    private static IEnumerable<JsonNode> Rules => Groups.AsArray().SelectMany(group => group!["rules"]!.AsArray()).OfType<JsonNode>();

    [Fact]
    public void Rules_OfVictoriaMetrics_AreThoseOfPrometheus() =>
        GroupsOf("infra/monitoring/victoriametrics/rules.yaml").ToJsonString().ShouldBe(Groups.ToJsonString());

    [Fact]
    public void Rules_Runbooks_ExistAndNoOthers()
    {
        var pages = Rules.Select(rule => rule["annotations"]!["runbook"]!.GetValue<string>()).ToList();
        pages.ShouldBe(Rules.Select(rule => $"infra/docs/runbooks/{rule["alert"]}.md"));
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra/docs/runbooks"), "*.md")
            .Select(path => $"infra/docs/runbooks/{Path.GetFileName(path)}").ShouldBe(pages, ignoreOrder: true);
    }

    [Fact]
    public void Rules_AndDashboard_NameOnlyMetricsThatTheScalerHasOrAnAppPublishes()
    {
        var known = new[] { "keda/Scaler/Metrics", "functions/EtcdBackup/Backups", "functions/EtcdBackup/Drills" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs")).SelectMany(file => Metric().Matches(File.ReadAllText(file)))
            .Select(match => match.Value).ToHashSet();
        known.Count.ShouldBeGreaterThan(10);
        Rules.Select(rule => rule["expr"]!.GetValue<string>()).Concat(DashboardExpressions())
            .SelectMany(expression => Metric().Matches(expression)).Select(match => match.Value.Replace("_bucket", "", StringComparison.Ordinal))
            .Where(metric => !known.Contains(metric)).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> UnitTests { get; } = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data"), "rules*.test.yaml")];

    [Fact]
    public async Task Promtool_Rules_PassItsUnitTests()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("rules.json"), new JsonObject { ["groups"] = Groups.DeepClone() }.ToJsonString(), TestContext.Current.CancellationToken);
        foreach (var file in UnitTests)
        {
            File.Copy(file, directory.File(Path.GetFileName(file)));
        }

        var (code, output, error) = await Repository.RunAsync(Repository.Promtool, null, ["test", "rules", .. UnitTests.Select(file => directory.File(Path.GetFileName(file)))]);
        code.ShouldBe(0, output + error);
    }

    [Fact]
    public void UnitTests_OfPromtool_CoverEveryAlert()
    {
        var tested = string.Concat(UnitTests.Select(File.ReadAllText));
        Rules.Select(rule => rule["alert"]!.GetValue<string>()).Where(alert => !tested.Contains($"alertname: {alert}\n", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Promtool_DashboardExpressions_AreValid()
    {
        using var directory = new TemporaryDirectory();
        var rules = DashboardExpressions().Select((expression, i) => (JsonNode)new JsonObject { ["record"] = $"panel:{i}", ["expr"] = expression });
        var file = new JsonObject { ["groups"] = new JsonArray(new JsonObject { ["name"] = "dashboard", ["rules"] = new JsonArray([.. rules]) }) };
        await File.WriteAllTextAsync(directory.File("rules.json"), file.ToJsonString(), TestContext.Current.CancellationToken);
        var (code, output, error) = await Repository.RunAsync(Repository.Promtool, null, "check", "rules", directory.File("rules.json"));
        code.ShouldBe(0, output + error);
    }

    private static IReadOnlyList<string> DashboardExpressions()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("infra/monitoring/grafana/ebb.json"));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
    }

    private static JsonNode GroupsOf(string path) => YamlReading.Documents(Repository.Read(path))[0]["spec"]!["groups"]!;

    [GeneratedRegex(@"\b(ebb|process)_[a-z_]+\b")]
    private static partial Regex Metric();
}
