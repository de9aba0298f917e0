using System.Text.Json.Nodes;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>Lets the policies of the configured installation judge writes, by an evaluator of CEL that is not ours.</summary>
internal static class Admission
{
    private static readonly Lazy<JsonArray> Policies = new(() => new([.. Configured.Files().All
        .Where(entry => entry.Key.EndsWith("/admission-policy.yaml", StringComparison.Ordinal))
        .Select(entry => YamlReading.Documents(entry.Value).ShouldHaveSingleItem())]));

    /// <summary>The messages of what refuses each write.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> JudgeAsync(params IReadOnlyList<Write> writes)
    {
        var input = new JsonObject { ["policies"] = Policies.Value.DeepClone(), ["writes"] = new JsonArray([.. writes.Select(write => write.ToJson())]) };
        var (code, output, error) = await Repository.RunAsync(
            Repository.Node, input.ToJsonString(), Path.Combine(AppContext.BaseDirectory, "Data/admission.mjs"), Repository.CelModules);
        code.ShouldBe(0, error);
        return [.. JsonNode.Parse(output)!.AsArray().Select(list => (IReadOnlyList<string>)[.. list!.AsArray().Select(message => message!.GetValue<string>())])];
    }
}
