using Ebb.Manifests.Writing;
using Microsoft.Extensions.Configuration;

namespace Ebb.Manifests.Tests;

/// <summary>
/// The installation of somebody who turned every app on (Data/configured.json): infra as it is, and the manifests as the generator writes them
/// with those settings. Folders of it are named <c>configured/…</c>.
/// </summary>
internal static class Configured
{
    public const string Prefix = "configured/";

    private static readonly Lazy<string> Written = new(Write);

    /// <summary>The settings.</summary>
    public static (string Key, string Value)[] Settings { get; } =
        [.. new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "Data/configured.json")).Build().AsEnumerable()
            .Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value!))];

    public static string Root => Written.Value;

    public static ManifestFiles Files() => AppManifests.Of(Planned.Apps(Planned.Product, Repository.Read("host.json"), Settings));

    private static string Write()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "configured");
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        foreach (var file in new[] { "infra/base", "infra/overlays" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(root, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var (path, content) in Files().All)
        {
            var file = Path.Combine(root, "keda/generated", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }

        return root;
    }
}
