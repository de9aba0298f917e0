using System.Text.Json.Nodes;
using Ebb.PrPreview.Values;

namespace Ebb.PrPreview.Tests.Values;

public sealed class AllowedKeysTests
{
    [Theory]
    [InlineData("""{"env":{"A":"1","B":null},"logLevel":"debug"}""")]
    [InlineData("""{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}""")]
    [InlineData("""{"resources":{"limits":{"memory":"64Mi"}},"command":["run","--fast"]}""")]
    [InlineData("""{"readinessProbe":{"httpGet":{"path":"/ready","port":8080},"periodSeconds":5}}""")]
    public void Filter_WhatABranchMaySet_GetsThrough(string json)
    {
        var (values, leftOut) = Filter(json);
        JsonNode.DeepEquals(values, JsonNode.Parse(json)).ShouldBeTrue(values.ToJsonString());
        leftOut.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"secrets":{"a":"b"}}""", "secrets")]
    [InlineData("""{"persistence":{"enabled":true,"size":"1Ti"}}""", "persistence")]
    [InlineData("""{"volumes":[{"name":"h","hostPath":{"path":"/"}}]}""", "volumes")]
    [InlineData("""{"namespace":"kube-system"}""", "namespace")]
    [InlineData("""{"ingress":{"host":"www.example.com"}}""", "ingress")]
    [InlineData("""{"ingress":{"hosts":["www.example.com"],"annotations":{"a":"b"}}}""", "ingress")]
    [InlineData("""{"replicaCount":50}""", "replicaCount")]
    [InlineData("""{"image":{"repository":"evil.example.com/x"}}""", "image")]
    [InlineData("""{"securityContext":{"privileged":true}}""", "securityContext")]
    [InlineData("""{"extraObjects":[{"kind":"Secret"}]}""", "extraObjects")]
    [InlineData("""{"serviceAccount":{"name":"admin"}}""", "serviceAccount")]
    [InlineData("""{"resources":{"claims":[{"name":"gpu"}]}}""", "resources.claims")]
    [InlineData("""{"resources":null}""", "resources")]
    [InlineData("""{"env":"x"}""", "env")]
    [InlineData("""{"readinessProbe":{"exec":{"command":["x"]}}}""", "readinessProbe.exec")]
    [InlineData("""{"ingress.host":"www.example.com"}""", "ingress.host")]
    [InlineData("""{"config":{"a":{"b":{"c":"d"}}}}""", "config.a.b")]
    [InlineData("""{"logLevel":"{{ .Files.Get \"x\" }}"}""", "logLevel")]
    [InlineData("""{"LogLevel":"debug"}""", "LogLevel")]
    [InlineData("""{"env":{"{{ lookup \"v1\" \"Secret\" \"ebb\" \"x\" }}":"1"}}""", "env.{{ lookup \"v1\" \"Secret\" \"ebb\" \"x\" }}")]
    public void Filter_WhatABranchMayNotSet_IsLeftOutAndNamed(string json, string path)
    {
        var (values, leftOut) = Filter(json);
        values.Count.ShouldBe(0, values.ToJsonString());
        leftOut.ShouldBe([path]);
    }

    [Fact]
    public void Filter_EntryThatRefersToASecret_IsLeftOutAsAWhole()
    {
        var (values, leftOut) = Filter(
            """{"env":[{"name":"A","value":"1"},{"name":"B","valueFrom":{"secretKeyRef":{"name":"preview-pull","key":".dockerconfigjson"}}}]}""");
        values.ToJsonString().ShouldBe("""{"env":[{"name":"A","value":"1"}]}""");
        leftOut.ShouldBe(["env.[1].valueFrom"]);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.x")]
    [InlineData("a..b")]
    [InlineData("a.b*")]
    [InlineData("a b")]
    public void Parse_WrongPath_NamesTheKeyAndTheRule(string path)
    {
        var problems = new List<string>();
        AllowedKeys.Parse("PrPreview:AllowedValues", $"env.*,{path}", problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().ShouldStartWith($"PrPreview:AllowedValues holds '{path}'");
    }

    private static (JsonObject Values, IReadOnlyList<string> LeftOut) Filter(string json) =>
        AllowedKeys.Parse("key", AllowedKeys.Default, [])!.Filter(JsonNode.Parse(json)!.AsObject());
}
