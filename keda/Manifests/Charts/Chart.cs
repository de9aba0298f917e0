using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ebb.Manifests.Documents;
using Ebb.Manifests.Writing;
using Ebb.Storage.Roles;
using Ebb.Worker;

namespace Ebb.Manifests.Charts;

/// <summary>The planned apps as a Helm chart: the documents that kustomize is given, with values in a few places.</summary>
internal static partial class Chart
{
    private const string Sqlite = "eq .Values.storage.kind \"sqlite\"";
    private const string PostgreSql = "eq .Values.storage.kind \"postgresql\"";

    // Where a Deployment's environment ends.
    private const string AfterEnvironment = "          ports:\n";

    /// <summary>Every file of the chart.</summary>
    /// <param name="apps">What was planned.</param>
    /// <param name="baseDirectory">infra/base.</param>
    /// <exception cref="HostStartException">A document written by hand is not as the chart knows it.</exception>
    public static ManifestFiles Of(IReadOnlyList<PlannedApp> apps, string baseDirectory)
    {
        BaseTemplates.Require(baseDirectory, apps[0].Options.Namespace);
        var files = new ManifestFiles();
        var schema = ChartValues.Schema(apps, File.ReadAllText(Path.Combine(baseDirectory, "images/images.yaml")));
        files.AddWritten("Chart.yaml", Description(apps[0].Options.Tag));
        files.AddWritten("values.yaml", ChartValues.Defaults(schema));
        files.AddText("values.schema.json", ChartValues.Write(schema));
        files.AddText("templates/NOTES.txt", ChartNotes.Text(apps));
        files.AddWritten("templates/refusals.yaml", ChartRefusals.Text(apps));
        files.AddWritten("templates/images.yaml", Yaml.Write(ConfigMap("ebb-images", apps[0].Options.Namespace, "images.yaml", ChartValue.Of("images"))));
        foreach (var (file, text) in BaseTemplates.Of(baseDirectory))
        {
            files.AddWritten($"templates/{file}", text);
        }

        foreach (var app in apps)
        {
            AddApp(files, app);
        }

        AddStorage(files, [.. apps.Where(app => !app.IsAllInOne)]);
        return files;
    }

    /// <summary>The text where the condition holds, else nothing.</summary>
    public static string When(string condition, string text) => $"{{{{- if {condition} }}}}\n{text}{{{{- end }}}}\n";

    private static void AddApp(ManifestFiles files, PlannedApp app)
    {
        var condition = app.IsAllInOne ? Sqlite : PostgreSql;
        foreach (var (file, document) in AppManifests.Documents(ChartDocuments.Templated(app)))
        {
            var text = Written(ChartDocuments.Filled(app.Name, document));
            files.AddWritten($"templates/{app.Name}-{file}", When(condition, file == "deployment.yaml" ? WithSettings(app, text) : text));
        }

        var host = ConfigMap(PodVolumes.HostConfigMap(app), app.Options.Namespace, "host.json", app.HostJson);
        files.AddWritten($"templates/{app.Name}-host.yaml", When(condition, Written(host)));
    }

    private static void AddStorage(ManifestFiles files, PlannedApp[] apps)
    {
        foreach (var (file, document) in StorageDocuments.Of([.. apps.Select(ChartDocuments.Templated)]))
        {
            files.AddWritten($"templates/storage-{file}", When(PostgreSql, Written(ChartDocuments.Filled("", document))));
        }

        var roles = ConfigMap(StorageDocuments.RolesConfigMap, apps[0].Options.Namespace, StorageDocuments.RolesFile, StorageRoles.ToJson(StorageRolesOf.All(apps)));
        roles["metadata"]!["annotations"] = StorageDocuments.BeforeTheJob();
        files.AddWritten("templates/storage-roles.yaml", When(PostgreSql, Written(roles)));
    }

    // What a document says in two braces would be an action.
    private static string Written(JsonObject document) =>
        document.ToJsonString().Contains("{{", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{document["kind"]} {document["metadata"]!["name"]} holds two braces, which Helm would read as an action.")
            : Yaml.Write(document);

    private static JsonObject ConfigMap(string name, string ns, string key, string text) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        ["data"] = new JsonObject { [key] = text.EndsWith('\n') || ChartValue.IsIn(text) ? text : text + "\n" },
    };

    private static string WithSettings(PlannedApp app, string deployment)
    {
        var settings = $$$"""
                        {{- range $name, $value := .Values.apps.{{{ChartDocuments.Camel(app.Name)}}}.settings }}
                        - name: {{ $name | quote }}
                          value: {{ $value | quote }}
                        {{- end }}

            """;
        return deployment.Insert(deployment.IndexOf(AfterEnvironment, StringComparison.Ordinal), settings);
    }

    private static string Description(string version) => !SemVer().IsMatch(version)
        ? throw new HostStartException([$"Manifests:Tag is '{version}', and the version of a chart must be SemVer, such as 1.4.0."])
        : $"""
        apiVersion: v2
        name: ebb
        description: Platform chores as functions that sleep at zero.
        type: application
        version: {version}
        appVersion: "{version}"
        kubeVersion: ">=1.30.0-0"

        """;

    [GeneratedRegex(@"\A(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[0-9A-Za-z.-]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SemVer();
}
