using System.Text.RegularExpressions;
using Ebb.PrPreview.Values;
using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>The base chart, and what a branch may do with it.</summary>
internal sealed partial record ChartOptions
{
    /// <summary><c>ChartRepository</c>: the OCI registry and path without <c>oci://</c>, such as <c>harbor.example.com/charts</c>.</summary>
    public required string Repository { get; init; }

    /// <summary><c>Chart</c>. Default <c>platform-app</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>ChartVersion</c>: one version, no range: the same commit gives the same preview tomorrow.</summary>
    public required string Version { get; init; }

    /// <summary><c>ValuesFile</c>: the file in the branch. Default <c>values.yaml</c>.</summary>
    public required string ValuesFile { get; init; }

    /// <summary><c>AllowedValues</c>: what a branch may set.</summary>
    public required AllowedKeys Allowed { get; init; }

    public static ChartOptions From(SettingsReader read) => new()
    {
        Repository = read.Matching("ChartRepository", null, RepositoryPattern(), "a registry and path without oci://, such as harbor.example.com/charts"),
        Name = read.KubernetesName("Chart", "platform-app"),
        Version = read.Matching("ChartVersion", null, VersionPattern(), "one version such as 1.2.3"),
        ValuesFile = read.Matching("ValuesFile", "values.yaml", FilePattern(), "a path in the repository such as values.yaml or deploy/values.yaml"),
        Allowed = AllowedKeys.Parse(read.NameOf("AllowedValues"), read.Text("AllowedValues", AllowedKeys.Default, "what a branch may set"), read.Problems)!,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[a-z0-9._-]+)+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\A(?!.*\.\.)[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FilePattern();
}
