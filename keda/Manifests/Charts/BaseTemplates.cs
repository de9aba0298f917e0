using Ebb.Manifests.Writing;
using Ebb.Worker;

namespace Ebb.Manifests.Charts;

/// <summary>The documents that are written by hand (infra/base) as templates. They stay as they are, but for the places named here.</summary>
internal static class BaseTemplates
{
    private static readonly (string Found, string Text)[] Places =
    [
        ("harbor.example.com/ebb/scaler:0.1.0", $"{ChartValue.Of("image.registry")}/scaler:{ChartValue.Of("image.tag")}"),
        ("https://vault.example.com:8200", ChartValue.Of("externalSecrets.vault")),
        ("postgres://ebb_scaler@ebb-postgres-rw:5432/ebb?sslmode=verify-full&pool=5", $"postgres://ebb_scaler@{ChartValue.Of("storage.postgresql.address")}"),
        ("ebb-postgres-scaler", $"{ChartValue.Of("storage.postgresql.cluster")}-scaler"),
        ("ebb-postgres-ca", $"{ChartValue.Of("storage.postgresql.cluster")}-ca"),
        ("cnpg.io/cluster: ebb-postgres", ChartValue.Of("storage.postgresql.cluster")),
        ("  - name: ebb-pull", ChartValue.Of("secrets.pull")),
    ];

    /// <summary>Whether the documents are there, and in the namespace of the others.</summary>
    /// <exception cref="HostStartException">They are not.</exception>
    public static void Require(string directory, string ns)
    {
        var file = Path.Combine(directory, "namespace/default-deny.yaml");
        if (!File.Exists(file))
        {
            throw new HostStartException([$"{file} is not there; name the folder infra/base of the repository with --base."]);
        }

        if (!File.ReadAllText(file).Contains($"\n  namespace: {ns}\n", StringComparison.Ordinal))
        {
            throw new HostStartException([$"Manifests:Namespace is '{ns}', and {file} is in another one; the documents in {directory} have to be in it too."]);
        }
    }

    /// <summary>File names below templates/, and their text.</summary>
    /// <exception cref="HostStartException">A file is not as this class knows it.</exception>
    public static IEnumerable<(string File, string Text)> Of(string directory)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        List<(string File, string Text)> templates =
        [
            .. Folder(directory, "namespace", found), .. Folder(directory, "scaler", found),
        ];
        var missing = Places.Where(place => !found.Contains(place.Found)).Select(place => $"{directory} does not hold '{place.Found}', which the chart replaces by a value. Name it anew in BaseTemplates.").ToList();
        return missing.Count == 0 ? templates : throw new HostStartException(missing);
    }

    private static IEnumerable<(string File, string Text)> Folder(string directory, string folder, HashSet<string> found)
    {
        // Helm's own record of a release is in the namespace, which therefore is there before.
        string[] others = ["kustomization.yaml", "namespace.yaml"];
        foreach (var path in Directory.EnumerateFiles(Path.Combine(directory, folder), "*.yaml").Order(StringComparer.Ordinal))
        {
            var file = Path.GetFileName(path);
            if (!others.Contains(file))
            {
                var text = string.Join('\n', File.ReadAllText(path).Split('\n').Select(line => Filled(line, found)));
                yield return ($"{folder}-{file}", Only(folder, file, text));
            }
        }
    }

    private static string Only(string folder, string file, string text) => (folder, file) switch
    {
        ("scaler", _) => Chart.When("eq .Values.storage.kind \"postgresql\"", text),
        (_, "secret-store.yaml" or "external-secrets.yaml") => Chart.When(".Values.externalSecrets.enabled", text),
        _ => text,
    };

    private static string Filled(string line, HashSet<string> found)
    {
        if (Array.Find(Places, place => line.EndsWith(place.Found, StringComparison.Ordinal)) is not { Found: { } end } place)
        {
            return line;
        }

        found.Add(end);
        return line[..(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)] + ChartValue.Action(place.Text);
    }
}
