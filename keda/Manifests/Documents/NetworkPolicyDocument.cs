using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>What may come in (to the door, from the ingress controller) and go out (to what the app needs).</summary>
internal static class NetworkPolicyDocument
{
    public static JsonObject Of(PlannedApp app) => new()
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "NetworkPolicy",
        ["metadata"] = Metadata.Of(app),
        ["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = Metadata.Selector(app) },
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = app.IsDoor ? new JsonArray(FromIngress(app)) : null,
            ["egress"] = new JsonArray([.. Egress(app).Select(rule => (JsonNode)rule)]),
        },
    };

    private static IEnumerable<JsonObject> Egress(PlannedApp app)
    {
        yield return Dns();
        if (!app.IsAllInOne)
        {
            yield return Storage(app);
        }

        var peers = app.Needs.Egress.Order().SelectMany(kind => app.Options.Egress[kind]);
        foreach (var peer in peers.Concat(app.RabbitQueues.Count > 0 ? app.Options.RabbitMQ : []).Distinct())
        {
            yield return peer.ToRule();
        }
    }

    private static JsonObject FromIngress(PlannedApp app) => new()
    {
        ["from"] = new JsonArray(new JsonObject { ["namespaceSelector"] = InNamespace(app.Options.IngressFrom) }),
        ["ports"] = new JsonArray(Port("TCP", PodEnvironment.Port)),
    };

    private static JsonObject Dns() => new()
    {
        ["to"] = new JsonArray(new JsonObject
        {
            ["namespaceSelector"] = InNamespace("kube-system"),
            ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["k8s-app"] = "kube-dns" } },
        }),
        ["ports"] = new JsonArray(Port("UDP", 53), Port("TCP", 53)),
    };

    private static JsonObject Storage(PlannedApp app) => new()
    {
        ["to"] = new JsonArray(new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["cnpg.io/cluster"] = app.Options.StorageCluster } },
        }),
        ["ports"] = new JsonArray(Port("TCP", 5432)),
    };

    private static JsonObject InNamespace(string name) =>
        new() { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } };

    private static JsonObject Port(string protocol, int port) => new() { ["protocol"] = protocol, ["port"] = port };
}
