using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.Manifests.Writing;

/// <summary>The files of a run by their path below the output directory, and how they compare with what is there.</summary>
internal sealed class ManifestFiles
{
    private const string Header =
        "# Written by `ebb manifests` from the functions' own metadata. Change the app, its settings or an overlay, not this file.\n";

    // Beside a kustomization that reads it, and without a header of its own.
    private const string KustomizationFile = "/kustomization.yaml";
    private const string TextFile = "/host.json";

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _documents = [];

    /// <summary>Path and content, in order.</summary>
    public IReadOnlyDictionary<string, string> All => _files;

    /// <summary>What is in the YAML files.</summary>
    public IReadOnlyList<JsonObject> Documents => _documents;

    public void Add(string path, JsonObject document)
    {
        _files.Add(path, Header + Yaml.Write(document));
        _documents.Add(document);
    }

    /// <summary>A text that says where it is from, such as a template.</summary>
    public void AddWritten(string path, string text) => _files.Add(path, Header + text);

    public void AddText(string path, string text) => _files.Add(path, text.EndsWith('\n') ? text : text + "\n");

    /// <summary>Writes what differs, and takes away what an earlier run wrote and this one does not.</summary>
    /// <returns>The paths that changed.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(string directory, CancellationToken cancellationToken)
    {
        var changed = await CompareAsync(directory, cancellationToken);
        foreach (var drift in changed)
        {
            var path = Path.Combine(directory, drift.Path);
            if (!_files.TryGetValue(drift.Path, out var content))
            {
                Remove(directory, path);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        }

        return [.. changed.Select(drift => drift.Path)];
    }

    /// <summary>What <see cref="WriteAsync"/> would change.</summary>
    public async Task<IReadOnlyList<Drift>> CompareAsync(string directory, CancellationToken cancellationToken)
    {
        var drifts = new List<Drift>();
        foreach (var (relative, content) in _files)
        {
            var path = Path.Combine(directory, relative);
            if (!File.Exists(path))
            {
                drifts.Add(new Drift(relative, "is missing"));
            }
            else if (await File.ReadAllTextAsync(path, cancellationToken) is var found && found != content)
            {
                drifts.Add(new Drift(relative, $"differs in line {FirstDifference(found, content)}"));
            }
        }

        drifts.AddRange(await LeftoversAsync(directory, cancellationToken));
        return drifts;
    }

    // Only files that carry the header: an output directory may hold a person's own.
    private async Task<IReadOnlyList<Drift>> LeftoversAsync(string directory, CancellationToken cancellationToken)
    {
        var leftovers = new List<Drift>();
        if (!Directory.Exists(directory))
        {
            return leftovers;
        }

        foreach (var path in Directory.EnumerateFiles(directory, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(directory, path).Replace('\\', '/');
            if (!_files.ContainsKey(relative) && (await File.ReadAllTextAsync(path, cancellationToken)).StartsWith(Header, StringComparison.Ordinal))
            {
                leftovers.Add(new Drift(relative, "belongs to nothing any more"));
            }
        }

        leftovers.AddRange(leftovers.Where(drift => drift.Path.EndsWith(KustomizationFile, StringComparison.Ordinal))
            .Select(drift => drift with { Path = drift.Path[..^KustomizationFile.Length] + TextFile })
            .Where(drift => File.Exists(Path.Combine(directory, drift.Path))).ToList());
        return leftovers;
    }

    // The folder too, where nothing is left in it.
    private static void Remove(string directory, string path)
    {
        File.Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (Path.GetRelativePath(directory, folder) != "." && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static int FirstDifference(string found, string wanted) =>
        found.Split('\n').Zip(wanted.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
}
