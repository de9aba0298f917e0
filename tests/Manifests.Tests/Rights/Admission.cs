using System.Diagnostics;
using System.Text.Json.Nodes;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests.Rights;

/// <summary>Lets the policies of the configured installation judge writes, by an evaluator of CEL that is not ours.</summary>
internal static class Admission
{
    private static readonly Lazy<JsonArray> Policies = new(() => new([.. Configured.Files().All
        .Where(entry => entry.Key.EndsWith("/admission-policy.yaml", StringComparison.Ordinal))
        .Select(entry => YamlReading.Documents(entry.Value).ShouldHaveSingleItem())]));

    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    private static Process? _evaluator;

    /// <summary>The messages of what refuses each write.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> JudgeAsync(params IReadOnlyList<Write> writes)
    {
        var modules = Repository.CelModules;
        var input = new JsonObject { ["policies"] = Policies.Value.DeepClone(), ["writes"] = new JsonArray([.. writes.Select(write => write.ToJson())]) };
        await OneAtATime.WaitAsync();
        try
        {
            _evaluator ??= Start(modules);
            await _evaluator.StandardInput.WriteLineAsync(input.ToJsonString());
            await _evaluator.StandardInput.FlushAsync();
            return Messages(await _evaluator.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The evaluator of CEL ended; standard error says why."));
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static IReadOnlyList<IReadOnlyList<string>> Messages(string output) =>
        [.. JsonNode.Parse(output)!.AsArray().Select(list => (IReadOnlyList<string>)[.. list!.AsArray().Select(message => message!.GetValue<string>())])];

    // Ends with its standard input, and so with the test process.
    private static Process Start(string modules) => Process.Start(
        new ProcessStartInfo(Repository.Node, [Path.Combine(AppContext.BaseDirectory, "Data/admission.mjs"), modules])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}
