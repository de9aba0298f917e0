using System.Text.Json.Nodes;
using Ebb.TestServers.Keda;

namespace Ebb.EndToEnd.Tests.Scaling;

public sealed class ScaledObjectTests
{
    [Fact]
    public void Parse_Manifest_TakesItsValuesAndKedasDefaults()
    {
        var read = ScaledObject.Parse(JsonNode.Parse("""
            {
              "kind": "ScaledObject", "metadata": {"name": "mirror", "namespace": "ebb"},
              "spec": {
                "scaleTargetRef": {"name": "image-mirror"}, "pollingInterval": "10",
                "advanced": {"horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}}}},
                "triggers": [{"type": "external-push", "metadata": {"scalerAddress": "a:1", "queues": "image-mirror"}}]
              }
            }
            """)!);

        read.ShouldSatisfyAllConditions(
            () => (read.Name, read.Namespace, read.Target).ShouldBe(("mirror", "ebb", "image-mirror")),
            () => (read.MinReplicas, read.MaxReplicas).ShouldBe((0, 100)),
            () => read.PollingInterval.ShouldBe(TimeSpan.FromSeconds(10)),
            () => read.CooldownPeriod.ShouldBe(TimeSpan.FromSeconds(300)),
            () => read.ScaleInStabilization.ShouldBe(TimeSpan.FromSeconds(60)),
            () => read.Triggers.ShouldHaveSingleItem().Metadata["queues"].ShouldBe("image-mirror"));
    }

    [Theory]
    [InlineData("""{"scaleTargetRef": {"name": "a"}, "fallback": {}}""", "spec.fallback")]
    [InlineData("""{"scaleTargetRef": {"name": "a", "kind": "StatefulSet"}}""", "StatefulSet")]
    [InlineData("""{"scaleTargetRef": {"name": "a"}, "triggers": [{"type": "cron"}]}""", "cron")]
    [InlineData("""{"scaleTargetRef": {"name": "a"}, "triggers": [{"type": "external", "metricType": "Value"}]}""", "Value")]
    public void Parse_WhatIsNotSimulated_IsRefusedByName(string spec, string named) =>
        Should.Throw<FormatException>(() => ScaledObject.Parse(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "mirror" },
            ["spec"] = JsonNode.Parse(spec),
        })).Message.ShouldContain(named);
}
