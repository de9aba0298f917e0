using System.Text.Json.Nodes;
using Ebb.Manifests.Settings;

namespace Ebb.Manifests.Documents;

/// <summary>The Deployment.</summary>
internal static class DeploymentDocument
{
    private const int DoorReplicas = 2;

    // The user of distroless "nonroot" images.
    private const int User = 65532;

    public static JsonObject Of(PlannedApp app) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = Metadata.Of(app, annotations: new JsonObject { ["reloader.stakater.com/auto"] = "true" }),
        ["spec"] = new JsonObject
        {
            // KEDA owns the number where it scales; a number here would be put back by every sync.
            ["replicas"] = app.IsAllInOne ? 1 : app.IsScaled ? null : DoorReplicas,
            ["revisionHistoryLimit"] = 3,
            ["strategy"] = Strategy(app),
            ["selector"] = new JsonObject { ["matchLabels"] = Metadata.Selector(app) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Metadata.Labels(app) },
                ["spec"] = Pod(app),
            },
        },
    };

    /// <summary>What its container asks for.</summary>
    public static ResourceFigures Figures(PlannedApp app) =>
        app.IsAllInOne ? ResourceFigures.AllInOne : app.IsDoor ? ResourceFigures.Door : ResourceFigures.Worker;

    /// <summary>What every pod runs as.</summary>
    public static JsonObject PodSecurity() => new()
    {
        ["runAsNonRoot"] = true,
        ["runAsUser"] = User,
        ["runAsGroup"] = User,
        ["fsGroup"] = User,
        ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
    };

    /// <summary>What no container may.</summary>
    public static JsonObject ContainerSecurity() => new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["readOnlyRootFilesystem"] = true,
        ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
    };

    // The SQLite store belongs to one process, so the old one has to end first.
    private static JsonObject Strategy(PlannedApp app) => app.IsAllInOne
        ? new JsonObject { ["type"] = "Recreate" }
        : new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 } };

    private static JsonObject Pod(PlannedApp app)
    {
        var volumes = PodVolumes.Of(app);
        return new JsonObject
        {
            ["serviceAccountName"] = app.Name,
            ["automountServiceAccountToken"] = app.Needs.ServiceAccountToken || app.Needs.Rights.Count > 0,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = (int)app.TerminationGrace.TotalSeconds,
            ["securityContext"] = PodSecurity(),
            ["topologySpreadConstraints"] = app.IsDoor && !app.IsAllInOne ? new JsonArray(Spread(app)) : null,
            ["containers"] = new JsonArray(Container(app, volumes)),
            ["volumes"] = new JsonArray([.. volumes.Select(volume => volume.ToVolume())]),
        };
    }

    private static JsonObject Container(PlannedApp app, IReadOnlyList<PodVolume> volumes) => new()
    {
        ["name"] = app.Name,
        ["image"] = $"{app.Options.Registry}/{app.Name}:{app.Options.Tag}",
        ["workingDir"] = PodVolumes.WorkingDirectory,
        ["env"] = new JsonArray([.. PodEnvironment.Of(app).Select(entry => (JsonNode)new JsonObject { ["name"] = entry.Key, ["value"] = entry.Value })]),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = PodEnvironment.Port }),
        ["readinessProbe"] = Probe("/healthz/ready", period: 5, failures: 1),
        ["livenessProbe"] = Probe("/healthz/live", period: 10, failures: 6),
        // The ingress controller goes on sending for a moment after a pod began to end.
        ["lifecycle"] = app.IsDoor ? new JsonObject { ["preStop"] = new JsonObject { ["sleep"] = new JsonObject { ["seconds"] = 5 } } } : null,
        ["resources"] = Figures(app).ToJson(),
        ["securityContext"] = ContainerSecurity(),
        ["volumeMounts"] = new JsonArray([.. volumes.Select(volume => volume.ToMount())]),
    };

    private static JsonObject Probe(string path, int period, int failures) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" },
        ["periodSeconds"] = period,
        ["timeoutSeconds"] = 5,
        ["failureThreshold"] = failures,
    };

    private static JsonObject Spread(PlannedApp app) => new()
    {
        ["maxSkew"] = 1,
        ["topologyKey"] = "kubernetes.io/hostname",
        ["whenUnsatisfiable"] = "ScheduleAnyway",
        ["labelSelector"] = new JsonObject { ["matchLabels"] = Metadata.Selector(app) },
    };
}
