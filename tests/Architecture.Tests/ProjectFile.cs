using System.Xml.Linq;

namespace Ebb.Architecture.Tests;

/// <summary>What a .csproj says; <see cref="Path"/> is relative to the repository, such as <c>shared/Oci/Oci.csproj</c>.</summary>
internal sealed record ProjectFile(string Path, XDocument Content)
{
    /// <summary>functions, shared, keda or tests.</summary>
    public string Folder => Path[..Path.IndexOf('/')];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The name that the allowed arrows use: <c>shared/Oci</c>.</summary>
    public string Id => $"{Folder}/{Name}";

    public IReadOnlyList<string> References =>
        [.. Content.Descendants("ProjectReference").Select(reference => IdOf(reference.Attribute("Include")!.Value))];

    public IEnumerable<XElement> Packages => Content.Descendants("PackageReference");

    public string? Property(string name) => Content.Descendants(name).LastOrDefault()?.Value;

    public static ProjectFile Load(string path) => new(path, XDocument.Parse(Repository.Read(path)));

    private string IdOf(string include)
    {
        const string root = "$(RepositoryRoot)";
        include = include.Replace('\\', '/');
        var relative = include.StartsWith(root, StringComparison.Ordinal)
            ? include[root.Length..]
            : System.IO.Path.GetRelativePath(".", System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, include)).Replace('\\', '/');
        return $"{relative[..relative.IndexOf('/')]}/{System.IO.Path.GetFileNameWithoutExtension(relative)}";
    }
}
