using System.Text.Json.Nodes;

namespace Ebb.Manifests.Tests.Schemas;

/// <summary>The schemas by <c>group/version kind</c>: public CRDs, and those written by hand for what is not among them.</summary>
internal sealed class SchemaIndex
{
    private static readonly string[] ByTheServer = ["apiVersion", "kind", "metadata", "status"];

    private readonly Dictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    public SchemaIndex(string crds)
    {
        foreach (var entry in YamlReading.Documents(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data/schemas.yaml")))[0].AsArray())
        {
            _schemas[$"{entry!["group"]}/{entry["version"]} {entry["kind"]}"] = entry["schema"]!.AsObject();
        }

        foreach (var crd in Directory.EnumerateFiles(crds, "*.yaml").SelectMany(file => YamlReading.Documents(File.ReadAllText(file))))
        {
            foreach (var version in crd["spec"]!["versions"]!.AsArray().Where(version => version!["served"]!.GetValue<bool>()))
            {
                _schemas[$"{crd["spec"]!["group"]}/{version!["name"]} {crd["spec"]!["names"]!["kind"]}"] =
                    version["schema"]!["openAPIV3Schema"]!.AsObject();
            }
        }
    }

    /// <summary>Problems of a custom resource; that there is no schema for it is one.</summary>
    public IReadOnlyList<string> Problems(KubeObject document)
    {
        if (!_schemas.TryGetValue($"{document.ApiVersion} {document.Kind}", out var schema))
        {
            return [$"{document}: there is no schema for {document.ApiVersion} {document.Kind}"];
        }

        var content = new JsonObject(document.Json.Where(entry => !ByTheServer.Contains(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        if (schema["required"]?.AsArray().Any(name => name!.GetValue<string>() == "metadata") is true)
        {
            // The API server checks it, not the schema.
            content["metadata"] = new JsonObject();
        }

        return new StructuralSchema(schema).Problems(content, document.ToString());
    }
}
