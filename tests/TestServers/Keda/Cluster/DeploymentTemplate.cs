using System.Text.Json.Nodes;

namespace Ebb.TestServers.Keda.Cluster;

/// <summary>
/// What a pod of a Deployment is here: a process. In arguments and values of the environment <c>{pod}</c> is the pod's
/// name and <c>{port}</c> a free port.
/// </summary>
public sealed record DeploymentTemplate
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? WorkingDirectory { get; init; }

    /// <summary>The path that answers 2xx on <c>{port}</c> once the pod is ready; null: it is ready when it runs.</summary>
    public string? ReadinessPath { get; init; }

    public TimeSpan TerminationGracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    public int Replicas { get; init; }

    /// <summary>Reads <c>{"command": […], "environment": {…}, "directory": …, "readiness": …, "terminationGracePeriodSeconds": …, "replicas": …}</c>.</summary>
    public static DeploymentTemplate Parse(string name, JsonNode node) => new()
    {
        Name = name,
        Command = node["command"] is JsonArray { Count: > 0 } command
            ? [.. command.Select(part => part!.ToString())]
            : throw new FormatException($"Deployment {name} has no command."),
        Environment = (node["environment"] as JsonObject ?? [])
            .ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal),
        WorkingDirectory = node["directory"]?.ToString(),
        ReadinessPath = node["readiness"]?.ToString(),
        TerminationGracePeriod = TimeSpan.FromSeconds(int.Parse(node["terminationGracePeriodSeconds"]?.ToString() ?? "30")),
        Replicas = int.Parse(node["replicas"]?.ToString() ?? "0"),
    };
}
