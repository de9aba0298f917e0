namespace Ebb.Webhooks.Tests.Git;

/// <summary>Real payloads beside the checkout (../shared/data/webhooks; SOURCES.md there names sources and licences). Never part of the repository.</summary>
internal static class PublicPayloads
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Root(), "../shared/data/webhooks"));

    /// <summary>The names of all payloads, <c>github/ping_payload.json</c>; skips the test where there are none.</summary>
    public static IReadOnlyList<string> All()
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"{Folder} is not there; it holds public copies of the hosts' payloads that are no part of this repository.");
        return [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A payload as it is; skips the test where there is none.</summary>
    public static byte[] Read(string name)
    {
        All();
        return File.ReadAllBytes(Path.Combine(Folder, name));
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run from a checkout.");
        }

        return directory.FullName;
    }
}
