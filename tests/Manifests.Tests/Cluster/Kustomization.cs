using System.Collections.Concurrent;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests;

/// <summary>What <c>kubectl kustomize</c> makes of a folder of the repository or of <see cref="Configured"/>; each is built once.</summary>
internal static class Kustomization
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<KubeObject>>>> Built = new(StringComparer.Ordinal);

    public static Task<IReadOnlyList<KubeObject>> BuildAsync(string folder)
    {
        var kubectl = Repository.Kubectl;
        return Built.GetOrAdd(folder, _ => new(() => RunAsync(kubectl, folder))).Value;
    }

    private static async Task<IReadOnlyList<KubeObject>> RunAsync(string kubectl, string folder)
    {
        var path = folder.StartsWith(Configured.Prefix, StringComparison.Ordinal) ? Path.Combine(Configured.Root, folder[Configured.Prefix.Length..]) : folder;
        var (code, output, error) = await Repository.RunAsync(kubectl, null, "kustomize", path);
        code.ShouldBe(0, error);
        return [.. YamlReading.Documents(output).Select(document => new KubeObject(document.AsObject()))];
    }
}
