using System.Text.Json.Nodes;

namespace Ebb.TestServers.Keda;

/// <summary>The parts of a keda.sh/v1alpha1 ScaledObject that decide about replicas, with KEDA's defaults.</summary>
public sealed record ScaledObject
{
    public required string Name { get; init; }

    public string Namespace { get; init; } = "default";

    /// <summary>The Deployment.</summary>
    public required string Target { get; init; }

    public int MinReplicas { get; init; }

    public int MaxReplicas { get; init; } = 100;

    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan CooldownPeriod { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan InitialCooldownPeriod { get; init; } = TimeSpan.Zero;

    /// <summary>The HPA's window for scaling in; Kubernetes' default is 300 s.</summary>
    public TimeSpan ScaleInStabilization { get; init; } = TimeSpan.FromSeconds(300);

    public required IReadOnlyList<ScaleTrigger> Triggers { get; init; }

    /// <summary>Reads a manifest. Numbers may be texts, as a YAML reader without a schema leaves them.</summary>
    /// <exception cref="FormatException">It asks for what is not simulated, or lacks what KEDA requires.</exception>
    public static ScaledObject Parse(JsonNode manifest)
    {
        var name = manifest["metadata"]?["name"]?.ToString() ?? throw new FormatException("A ScaledObject has no metadata.name.");
        var spec = manifest["spec"] as JsonObject ?? throw new FormatException($"ScaledObject {name} has no spec.");
        foreach (var unknown in spec.Select(field => field.Key).Except(Known))
            throw new FormatException($"ScaledObject {name}: spec.{unknown} is not simulated.");
        var kind = spec["scaleTargetRef"]?["kind"]?.ToString() ?? "Deployment";
        if (kind != "Deployment")
            throw new FormatException($"ScaledObject {name}: spec.scaleTargetRef.kind {kind} is not simulated.");
        var scaleDown = spec["advanced"]?["horizontalPodAutoscalerConfig"]?["behavior"]?["scaleDown"];
        return new ScaledObject
        {
            Name = name,
            Namespace = manifest["metadata"]?["namespace"]?.ToString() ?? "default",
            Target = spec["scaleTargetRef"]?["name"]?.ToString() ?? throw new FormatException($"ScaledObject {name} has no spec.scaleTargetRef.name."),
            MinReplicas = Number(spec["minReplicaCount"], 0),
            MaxReplicas = Number(spec["maxReplicaCount"], 100),
            PollingInterval = Seconds(spec["pollingInterval"], 30),
            CooldownPeriod = Seconds(spec["cooldownPeriod"], 300),
            InitialCooldownPeriod = Seconds(spec["initialCooldownPeriod"], 0),
            ScaleInStabilization = Seconds(scaleDown?["stabilizationWindowSeconds"], 300),
            Triggers = [.. (spec["triggers"] as JsonArray ?? []).Select(trigger => ScaleTrigger.Parse(name, trigger!))],
        };
    }

    private static readonly string[] Known =
    [
        "scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "triggers", "advanced",
    ];

    private static int Number(JsonNode? node, int otherwise) => node is null ? otherwise : int.Parse(node.ToString());

    private static TimeSpan Seconds(JsonNode? node, int otherwise) => TimeSpan.FromSeconds(Number(node, otherwise));
}
