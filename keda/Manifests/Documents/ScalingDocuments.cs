using System.Globalization;
using System.Text.Json.Nodes;

namespace Ebb.Manifests.Documents;

/// <summary>The ScaledObject and how KEDA trusts the scaler.</summary>
internal static class ScalingDocuments
{
    // KEDA's certificate for the scaler: each side proves itself to the other.
    private const string ClientSecret = "ebb-scaler-client";

    public static JsonObject ScaledObject(PlannedApp app)
    {
        var triggers = new List<JsonNode>();
        if (app.Queues.Count > 0 || app.Timers.Count > 0)
        {
            triggers.Add(Push(app));
        }

        foreach (var queue in app.RabbitQueues)
        {
            triggers.Add(RabbitDocuments.Trigger(app, queue, app.Host.RabbitMQPrefetchCount));
            triggers.Add(RabbitDocuments.RetryTrigger(app, queue));
        }

        return new JsonObject
        {
            ["apiVersion"] = "keda.sh/v1alpha1",
            ["kind"] = "ScaledObject",
            ["metadata"] = Metadata.Of(app),
            ["spec"] = new JsonObject
            {
                ["scaleTargetRef"] = new JsonObject { ["name"] = app.Name },
                ["pollingInterval"] = (int)app.Options.PollingInterval.TotalSeconds,
                ["cooldownPeriod"] = (int)app.Options.CooldownPeriod.TotalSeconds,
                ["minReplicaCount"] = app.IsDoor ? 2 : 0,
                ["maxReplicaCount"] = Math.Max(app.Needs.MaxReplicas, app.IsDoor ? 2 : 1),
                ["triggers"] = new JsonArray([.. triggers]),
            },
        };
    }

    public static JsonObject Authentication(PlannedApp app) => new()
    {
        ["apiVersion"] = "keda.sh/v1alpha1",
        ["kind"] = "TriggerAuthentication",
        ["metadata"] = Metadata.Of(app, AuthenticationName(app)),
        ["spec"] = new JsonObject
        {
            ["secretTargetRef"] = new JsonArray(
                Reference("caCert", "ca.crt"), Reference("tlsClientCert", "tls.crt"), Reference("tlsClientKey", "tls.key")),
        },
    };

    private static JsonObject Reference(string parameter, string key) =>
        new() { ["parameter"] = parameter, ["name"] = ClientSecret, ["key"] = key };

    private static string AuthenticationName(PlannedApp app) => $"{app.Name}-scaler";

    private static JsonObject Push(PlannedApp app) => new()
    {
        ["type"] = "external-push",
        ["metadata"] = new JsonObject
        {
            ["scalerAddress"] = app.Options.Scaler,
            ["enableTLS"] = "true",
            ["app"] = app.Name,
            ["queues"] = app.Queues.Count > 0 ? string.Join(',', app.Queues) : null,
            ["timers"] = app.Timers.Count > 0 ? string.Join(';', app.Timers) : null,
            ["timeZone"] = app.Timers.Count > 0 ? app.Zone.Id : null,
            ["lead"] = app.Timers.Count > 0 ? $"{app.Options.Lead.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s" : null,
            ["target"] = app.Host.BatchSize.ToString(CultureInfo.InvariantCulture),
        },
        ["authenticationRef"] = new JsonObject { ["name"] = AuthenticationName(app) },
    };
}
