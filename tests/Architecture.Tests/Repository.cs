namespace Ebb.Architecture.Tests;

/// <summary>The checkout these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", ".git", ".cache", ".vs", ".idea", "node_modules"];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files("*.csproj").Order(StringComparer.Ordinal).Select(ProjectFile.Load)];

    /// <summary>Paths below <paramref name="folder"/>, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string pattern, string folder = "") =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder)), pattern)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(DirectoryInfo directory, string pattern) =>
        !directory.Exists
            ? []
            : directory.EnumerateFiles(pattern).Select(file => file.FullName).Concat(
                directory.EnumerateDirectories()
                    .Where(child => !NotOurs.Contains(child.Name))
                    .SelectMany(child => Walk(child, pattern)));

    private static string FindRoot(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Functions.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {start} holds Functions.sln.");
    }
}
