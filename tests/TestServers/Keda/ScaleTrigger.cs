using System.Text.Json.Nodes;

namespace Ebb.TestServers.Keda;

/// <summary>One trigger of a ScaledObject.</summary>
/// <param name="Type">external, external-push or rabbitmq.</param>
/// <param name="Metadata">All of it; an external scaler gets it as it is.</param>
public sealed record ScaleTrigger(string Type, IReadOnlyDictionary<string, string> Metadata)
{
    private static readonly string[] Simulated = ["external", "external-push"];

    public static ScaleTrigger Parse(string scaledObject, JsonNode node)
    {
        var type = node["type"]?.ToString();
        if (type is null || !Simulated.Contains(type))
            throw new FormatException($"ScaledObject {scaledObject}: a trigger of type '{type}' is not simulated; {string.Join(", ", Simulated)} are.");
        if (node["metricType"]?.ToString() is { } metric and not "AverageValue")
            throw new FormatException($"ScaledObject {scaledObject}: the metric type {metric} is not simulated.");
        var metadata = (node["metadata"] as JsonObject ?? []).ToDictionary(field => field.Key, field => field.Value?.ToString() ?? "", StringComparer.Ordinal);
        return new ScaleTrigger(type, metadata);
    }
}
