using System.Text.Json.Nodes;
using Ebb.Manifests.Writing;

namespace Ebb.Manifests.Charts;

/// <summary>Puts values of the chart into documents: the places where a document holds what differs from one installation to the next.</summary>
internal static class ChartDocuments
{
    /// <summary>The app as planned, with places instead of the names of an installation.</summary>
    public static PlannedApp Templated(PlannedApp app) => app with
    {
        Options = app.Options with
        {
            Registry = ChartValue.Of("image.registry"),
            Tag = ChartValue.Of("image.tag"),
            Host = ChartValue.Of("host"),
            IngressClass = ChartValue.Of("ingress.class"),
            ClusterIssuer = ChartValue.Of("ingress.clusterIssuer"),
            IngressFrom = ChartValue.Of("ingress.controllerNamespace"),
            Storage = app.Options.Storage with { Rest = "@" + ChartValue.Of("storage.postgresql.address") },
            StorageCluster = ChartValue.Of("storage.postgresql.cluster"),
        },
    };

    /// <summary>Fills in what no option holds.</summary>
    public static JsonObject Filled(string app, JsonObject document)
    {
        switch (document["kind"]!.GetValue<string>())
        {
            case "ServiceAccount":
                document["imagePullSecrets"]![0]!["name"] = ChartValue.Of("secrets.pull");
                break;
            case "PersistentVolumeClaim":
                document["spec"]!["resources"]!["requests"]!["storage"] = ChartValue.Of("storage.sqlite.size");
                // Uninstalling, or another kind of store, must not throw the work away.
                document["metadata"]!["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" };
                break;
            case "Job":
                // A Job cannot be changed: each release has its own, and Helm takes the one before away.
                document["metadata"]!["name"] = $"{document["metadata"]!["name"]}-{ChartValue.Raw(".Release.Revision")}";
                break;
            case "Deployment":
                Pod(app, document["spec"]!["template"]!["spec"]!);
                break;
        }

        return document;
    }

    /// <summary>The value that names a Secret: <c>ebb-function-keys</c> is <c>functionKeys</c>.</summary>
    public static string SecretValue(string secret) =>
        Camel(secret.StartsWith("ebb-", StringComparison.Ordinal) ? secret[4..] : secret);

    /// <summary><c>image-mirror</c> is <c>imageMirror</c>.</summary>
    public static string Camel(string name) =>
        string.Concat(name.Split('-').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The Secrets that a Deployment mounts by a name of ours.</summary>
    public static IEnumerable<JsonObject> Secrets(JsonNode pod) => pod["volumes"]!.AsArray().Select(volume => volume!["secret"]).OfType<JsonObject>()
        .Where(secret => !ChartValue.IsIn(secret["secretName"]!.GetValue<string>()));

    private static void Pod(string app, JsonNode pod)
    {
        foreach (var secret in Secrets(pod))
        {
            secret["secretName"] = ChartValue.Of("secrets." + SecretValue(secret["secretName"]!.GetValue<string>()));
        }

        foreach (var kind in new[] { "requests", "limits" })
        {
            foreach (var what in new[] { "cpu", "memory" })
            {
                pod["containers"]![0]!["resources"]![kind]![what] = ChartValue.Of($"apps.{Camel(app)}.resources.{kind}.{what}");
            }
        }
    }
}
