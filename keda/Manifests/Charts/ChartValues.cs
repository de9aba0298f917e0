using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Manifests.Documents;
using Ebb.Manifests.Settings;
using Ebb.Manifests.Writing;

namespace Ebb.Manifests.Charts;

/// <summary>The values: one schema, of which values.yaml is the defaults with the descriptions as comments.</summary>
internal static class ChartValues
{
    private const string Name = "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";
    private const string Quantity = "^[0-9]+(\\.[0-9]+)?(m|[KMGT]i?|k)?$";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Schema(IReadOnlyList<PlannedApp> apps, string images)
    {
        var options = apps[0].Options;
        var schema = Section("Values of the chart ebb.",
            ("image", Section("Where the images are.",
                ("registry", Text("Registry and path; the name of each app is put behind it.", options.Registry, "^[A-Za-z0-9.:/_-]+$")),
                ("tag", Text("The tag of every image.", options.Tag, "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")))),
            ("host", Text("The host name under which webhooks and requests come.", options.Host, Name)),
            ("ingress", Section("The way in.",
                ("class", Text("The class of the Ingress.", options.IngressClass, Name)),
                ("clusterIssuer", Text("The issuer of cert-manager for the host's certificate.", options.ClusterIssuer, Name)),
                ("controllerNamespace", Text("The namespace of the ingress controller, which alone may connect.", options.IngressFrom, Name)))),
            ("storage", Storage(options)),
            ("externalSecrets", Section("External Secrets, which brings the Secrets from Vault.",
                ("enabled", Typed("boolean", "Whether the SecretStore and the ExternalSecrets are made. Without them the Secrets below have to be there.", true)),
                ("vault", Text("The address of Vault or OpenBao.", "https://vault.example.com:8200", "^https://[^/@]+$")))),
            ("secrets", Secrets(apps)),
            ("images", Typed("string", "The list of images that are mirrored: the text of images.yaml.", images)),
            ("apps", Section("Each workload: those of their own with PostgreSQL, ebb with SQLite.", [.. apps.Select(app => (ChartDocuments.Camel(app.Name), App(app)))])));
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        return schema;
    }

    public static string Write(JsonObject schema) => schema.ToJsonString(Indented);

    /// <summary>values.yaml.</summary>
    public static string Defaults(JsonObject schema)
    {
        var text = new StringBuilder();
        Write(text, schema, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonObject section, string indent)
    {
        foreach (var (key, value) in section["properties"]!.AsObject())
        {
            text.Append(indent).Append("# ").Append(value!["description"]!.GetValue<string>()).Append('\n');
            if (value["properties"] is not null)
            {
                text.Append(indent).Append(key).Append(":\n");
                Write(text, value.AsObject(), indent + "  ");
                continue;
            }

            var lines = Yaml.Write(new JsonObject { [key] = value["default"]!.DeepClone() });
            var isBlock = value["default"] is JsonValue one && one.TryGetValue<string>(out var many) && many.Contains('\n', StringComparison.Ordinal);
            text.Append(indent).Append(isBlock ? Block(key, value["default"]!.GetValue<string>(), indent) : lines);
        }
    }

    private static string Block(string key, string value, string indent) =>
        $"{key}: |\n" + string.Concat(value.TrimEnd('\n').Split('\n').Select(line => $"{indent}  {line}\n"));

    private static JsonObject Storage(ManifestOptions options)
    {
        var kind = Text("postgresql: each app by itself, at zero while idle. sqlite: everything in one pod, with a volume; neither KEDA nor a database.", "postgresql", null);
        kind["enum"] = new JsonArray("postgresql", "sqlite");
        return Section("The store.",
            ("kind", kind),
            ("postgresql", Section("The database, which is no part of the chart.",
                ("address", Text("Host, port, database and options: what follows the @ of its URL.", options.Storage.Rest.TrimStart('@'), "^[^@\\s\"'{}]+$")),
                ("cluster", Text("The CloudNativePG cluster. The Secrets <cluster>-<app> hold the passwords, <cluster>-ca the authority.", options.StorageCluster, Name)))),
            ("sqlite", Section("The volume.", ("size", Text("How much is asked for.", VolumeClaimDocument.Size, Quantity)))));
    }

    private static JsonObject Secrets(IReadOnlyList<PlannedApp> apps)
    {
        var names = apps.SelectMany(app => ChartDocuments.Secrets(DeploymentDocument.Of(ChartDocuments.Templated(app))["spec"]!["template"]!["spec"]!))
            .Select(secret => secret["secretName"]!.GetValue<string>()).Append("ebb-pull").Distinct().Order(StringComparer.Ordinal);
        return Section("The names of the Secrets that pods read. External Secrets makes those named here by default; another name is of one that you made. What is in them is never a value.",
            [.. names.Select(name => (ChartDocuments.SecretValue(name), Text($"In place of {name}.", name, Name)))]);
    }

    private static JsonObject App(PlannedApp app)
    {
        var settings = Typed("object", "Settings of the pod, as environment variables such as ImageMirror__MaxParallelBlobs. Those that change rights, connections or triggers are given to ebb manifests --chart.", new JsonObject());
        settings["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z_][A-Za-z0-9_]*$" };
        settings["additionalProperties"] = new JsonObject { ["type"] = "string" };
        var figures = DeploymentDocument.Figures(app);
        return Section($"The workload {app.Name}.", ("settings", settings), ("resources", Section("What its container asks for and may use at most.",
            ("requests", Resources("What it asks for.", figures.Cpu, figures.Memory)), ("limits", Resources("What it may use at most.", figures.CpuLimit, figures.MemoryLimit)))));
    }

    private static JsonObject Resources(string description, string cpu, string memory) =>
        Section(description, ("cpu", Text("Cores, such as 500m.", cpu, Quantity)), ("memory", Text("Memory, such as 256Mi.", memory, Quantity)));

    private static JsonObject Section(string description, params (string Key, JsonObject Value)[] values)
    {
        var section = new JsonObject { ["description"] = description, ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };
        foreach (var (key, value) in values)
        {
            section["properties"]![key] = value;
        }

        section["required"] = new JsonArray([.. values.Select(value => (JsonNode)value.Key)]);
        return section;
    }

    private static JsonObject Text(string description, string value, string? pattern)
    {
        var text = Typed("string", description, value);
        if (pattern is not null)
        {
            text["pattern"] = pattern;
        }

        return text;
    }

    private static JsonObject Typed(string type, string description, JsonNode value) => new() { ["description"] = description, ["type"] = type, ["default"] = value };
}
