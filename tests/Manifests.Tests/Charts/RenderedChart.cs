using System.Text.Json.Nodes;
using Ebb.Manifests.Charts;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests.Charts;

/// <summary>The chart as it is written, and what it renders.</summary>
internal static class RenderedChart
{
    public static IReadOnlyDictionary<string, string> Product { get; } = Files();

    public static IReadOnlyDictionary<string, string> Files(params (string Key, string Value)[] settings) =>
        Chart.Of(Planned.Apps(Planned.Product, Repository.Read("host.json"), settings), Path.Combine(Repository.Root, "infra/base")).All;

    public static JsonObject Values(IReadOnlyDictionary<string, string> chart, params (string Path, JsonNode Value)[] given)
    {
        var values = YamlReading.Documents(chart["values.yaml"]).Single().AsObject();
        foreach (var (path, value) in given)
        {
            var keys = path.Split('.');
            keys[..^1].Aggregate((JsonNode)values, (node, key) => node[key]!)[keys[^1]] = value;
        }

        return values;
    }

    public static IReadOnlyList<KubeObject> Render(IReadOnlyDictionary<string, string> chart, params (string Path, JsonNode Value)[] given)
    {
        var values = Values(chart, given);
        return [.. chart.Where(file => file.Key.StartsWith("templates/", StringComparison.Ordinal) && file.Key.EndsWith(".yaml", StringComparison.Ordinal))
            .SelectMany(file => YamlReading.Documents(new ChartRenderer(values).Render(file.Value))).Select(document => new KubeObject(document.AsObject()))];
    }
}
