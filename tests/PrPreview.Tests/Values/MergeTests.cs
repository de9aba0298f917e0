using System.Text.Json.Nodes;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Values;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.PrPreview.Tests.Values;

public sealed class MergeTests
{
    private static readonly string[] Keys = ["replicaCount", "image", "ingress", "host", "tag", "secrets", "autoscaling", "enabled", "env", "x"];

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":3}}""", """{"a":{"b":3,"c":2}}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":null}""", """{"a":null}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("""{"a":"text"}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":null}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    public void Over_BothSaySomething_TheOverridesCount(string values, string overrides, string expected) =>
        Merge.Over(Parse(values), Parse(overrides)).ToJsonString().ShouldBe(expected);

    [Fact]
    public void Over_WhateverABranchSets_EveryFixedValueIsThere()
    {
        var options = Sample.Options();
        var overrides = FixedValues.Of(Sample.Plan(options), options.Environment);
        Prop.ForAll(Arb.From(Nodes(3)), text => Holds(overrides, Merge.Over(Parse($$"""{"a":{{text}}}""")["a"] as JsonObject ?? [], overrides)))
            .Check(Config.QuickThrowOnFailure);
    }

    // Everything the overrides say is said by the result, key by key.
    private static bool Holds(JsonNode? wanted, JsonNode? found) => wanted is JsonObject mapping
        ? found is JsonObject other && mapping.All(entry => other.ContainsKey(entry.Key) && Holds(entry.Value, other[entry.Key]))
        : JsonNode.DeepEquals(wanted, found);

    private static Gen<string> Nodes(int depth)
    {
        var leaf = Gen.Elements("null", "true", "7", "\"x\"", "[]", "{}", "[1,{\"host\":\"y\"}]");
        return depth == 0
            ? leaf
            : Gen.OneOf(leaf, from keys in Gen.SubListOf(Keys)
                              from values in Gen.ListOf(Nodes(depth - 1), keys.Count)
                              select $"{{{string.Join(',', keys.Zip(values, (key, value) => $"\"{key}\":{value}"))}}}");
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
