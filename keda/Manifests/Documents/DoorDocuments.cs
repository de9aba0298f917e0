using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>What an app with HTTP functions has besides: Service, Ingress and PodDisruptionBudget.</summary>
internal static class DoorDocuments
{
    public static JsonObject Service(PlannedApp app) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata.Of(app),
        ["spec"] = new JsonObject
        {
            ["selector"] = Metadata.Selector(app),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http" }),
        },
    };

    public static JsonObject Ingress(PlannedApp app) => new()
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "Ingress",
        ["metadata"] = Metadata.Of(app, annotations: new JsonObject { ["cert-manager.io/cluster-issuer"] = app.Options.ClusterIssuer }),
        ["spec"] = new JsonObject
        {
            ["ingressClassName"] = app.Options.IngressClass,
            ["rules"] = new JsonArray(new JsonObject
            {
                ["host"] = app.Options.Host,
                ["http"] = new JsonObject { ["paths"] = new JsonArray([.. Paths(app).Select(path => (JsonNode)Path(app, path))]) },
            }),
            ["tls"] = new JsonArray(new JsonObject { ["hosts"] = new JsonArray(app.Options.Host), ["secretName"] = $"{app.Name}-tls" }),
        },
    };

    public static JsonObject DisruptionBudget(PlannedApp app) => new()
    {
        ["apiVersion"] = "policy/v1",
        ["kind"] = "PodDisruptionBudget",
        ["metadata"] = Metadata.Of(app),
        ["spec"] = new JsonObject
        {
            ["maxUnavailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Metadata.Selector(app) },
        },
    };

    // The functions' routes up to their first parameter, and the runs that pipelines wait for. Nothing else of the process can be
    // reached from outside, /admin and /healthz least of all.
    private static IEnumerable<string> Paths(PlannedApp app) => app.Functions.Where(function => function.IsHttp)
        .Select(function => function.Route!.Split('{')[0].TrimEnd('/'))
        .Append("/api/runs")
        .Select(path => path.Length == 0 ? "/" : path)
        .Distinct().Order(StringComparer.Ordinal);

    private static JsonObject Path(PlannedApp app, string path) => new()
    {
        ["path"] = path,
        ["pathType"] = "Prefix",
        ["backend"] = new JsonObject
        {
            ["service"] = new JsonObject { ["name"] = app.Name, ["port"] = new JsonObject { ["name"] = "http" } },
        },
    };
}
