using System.Text.Json.Nodes;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Rendering;

/// <summary>
/// What a preview's values always are, whatever the branch and the chart say: one replica, no autoscaler, no Reloader, no secrets, no
/// volumes, its image and its address. Null takes a key away from the chart's own values.
/// </summary>
internal static class FixedValues
{
    // The names that the base chart and its predecessors have for one thing: a name the chart does not have does nothing.
    private static readonly string[] Off =
    [
        "autoscaling", "hpa", "vpa", "verticalPodAutoscaler", "reloader", "externalSecrets", "externalSecret", "persistence", "storage",
        "database", "postgresql", "rabbitmq", "rollout", "alerts", "serviceMonitor", "podDisruptionBudget",
    ];

    private static readonly string[] Removed = ["secrets", "secretRefs", "envFrom", "volumes", "volumeMounts", "persistentVolumeClaims"];

    public static JsonObject Of(PreviewPlan plan, EnvironmentOptions environment)
    {
        var values = new JsonObject { ["replicaCount"] = 1, ["replicas"] = 1 };
        foreach (var key in Off)
        {
            values[key] = new JsonObject { ["enabled"] = false };
        }

        foreach (var key in Removed)
        {
            values[key] = null;
        }

        values["nameOverride"] = plan.App.Value;
        values["fullnameOverride"] = plan.Name.Value;
        values["team"] = environment.Team;
        values["image"] = new JsonObject { ["repository"] = plan.Image.Name, ["tag"] = plan.Sha.Value, ["digest"] = null };
        values["imagePullSecrets"] = plan.WithSecrets && environment.HasPullSecret
            ? new JsonArray(new JsonObject { ["name"] = PullSecret.Name })
            : new JsonArray();
        values["serviceAccount"] = new JsonObject { ["automount"] = false };
        values["ingress"] = Ingress(plan, environment);
        return values;
    }

    private static JsonObject Ingress(PreviewPlan plan, EnvironmentOptions environment) => new()
    {
        ["enabled"] = true,
        ["className"] = environment.IngressClass,
        ["annotations"] = new JsonObject { ["cert-manager.io/cluster-issuer"] = environment.ClusterIssuer },
        ["host"] = plan.Host,
        ["hosts"] = new JsonArray(new JsonObject
        {
            ["host"] = plan.Host,
            ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix" }),
        }),
        ["tls"] = new JsonArray(new JsonObject { ["hosts"] = new JsonArray(plan.Host), ["secretName"] = $"{plan.Name}-tls" }),
    };
}
