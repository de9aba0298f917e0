using System.Text.Json.Nodes;
using Ebb.Manifests.Tests.Schemas;
using Ebb.Manifests.Writing;

namespace Ebb.Manifests.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("1")]
    [InlineData("1e3")]
    [InlineData("0x1f")]
    [InlineData("0.5")]
    [InlineData("64Mi")]
    [InlineData("00:30:00")]
    [InlineData("2026-11-20")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("- a")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("%a%")]
    [InlineData("@a")]
    [InlineData("{a}")]
    [InlineData("0 0 1 * * *")]
    [InlineData("say \"hi\" \\ there")]
    [InlineData("two\nlines\ttab\u0001")]
    [InlineData("postgres://ebb@db:5432/ebb?sslmode=verify-full&pool=5")]
    public void Write_Text_IsReadBackAsThatText(string text)
    {
        var written = Yaml.Write(new JsonObject { ["a"] = text, ["list"] = new JsonArray(text, new JsonObject { ["b"] = text }) });
        YamlReading.Documents(written).ShouldHaveSingleItem().ToJsonString()
            .ShouldBe(new JsonObject { ["a"] = text, ["list"] = new JsonArray(text, new JsonObject { ["b"] = text }) }.ToJsonString());
    }

    [Fact]
    public void Write_EveryShape_IsBlockStyleWithoutWhatHasNoValue() =>
        Yaml.Write(new JsonObject
        {
            ["none"] = null,
            ["on"] = true,
            ["count"] = 3,
            ["empty"] = new JsonObject { ["none"] = null },
            ["nothing"] = new JsonArray(),
            ["map"] = new JsonObject { ["a"] = 1 },
            ["list"] = new JsonArray(new JsonObject { ["a"] = "x", ["b"] = new JsonArray("w") }, "z"),
        }).ShouldBe("""
            "on": true
            count: 3
            empty: {}
            nothing: []
            map:
              a: 1
            list:
              - a: x
                b:
                  - w
              - z

            """);
}
