using System.Text;
using System.Text.Json.Nodes;
using Ebb.PrPreview.Values;

namespace Ebb.PrPreview.Tests.Values;

public sealed class BoundedYamlTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("# nothing\n", "{}")]
    [InlineData("\uFEFFreplicas: 2\nimage:\n  tag: x\n", """{"replicas":2,"image":{"tag":"x"}}""")]
    [InlineData("\uFEFF# first\nimage:\n  tag: x\n", """{"image":{"tag":"x"}}""")]
    [InlineData("---\n", "{}")]
    [InlineData("a: 1\nb: [x, true, null]\nc: {d: 1.5}\n", """{"a":1,"b":["x",true,null],"c":{"d":1.5}}""")]
    [InlineData("a: 'true'\nb: \"1\"\nc: ~\nd:\n", """{"a":"true","b":"1","c":null,"d":null}""")]
    [InlineData("a: yes\nb: off\nc: No\n", """{"a":true,"b":false,"c":false}""")]
    [InlineData("a: 0644\nb: 0x1F\nc: 1_000\nd: .inf\ne: 2026-01-01\nf: 12:30:45\n", """{"a":"0644","b":"0x1F","c":"1_000","d":".inf","e":"2026-01-01","f":"12:30:45"}""")]
    [InlineData("a: 9223372036854775807\nb: -0\nc: 1e3\n", """{"a":9223372036854775807,"b":0,"c":1000}""")]
    [InlineData("a: |\n  two\n  lines\n", """{"a":"two\nlines\n"}""")]
    [InlineData("\"\": 1\n", """{"":1}""")]
    [InlineData("a: |\n  \tx\nb:\t1\nc: {d: 1,\n\te: 2,\n\tf: [3,\n\t4]}\n", """{"a":"\tx\n","b":1,"c":{"d":1,"e":2,"f":[3,4]}}""")]
    public void Read_Values_AreWhatHelmReads(string yaml, string json) =>
        JsonNode.DeepEquals(Read(yaml), JsonNode.Parse(json)).ShouldBeTrue(Read(yaml).ToJsonString());

    [Theory]
    [InlineData("a: &x 1\n", "anchors")]
    [InlineData("a: &x [1]\nb: *x\n", "anchors")]
    [InlineData("&x a: 1\n", "a key must be")]
    [InlineData("? [a]\n: 1\n", "a key must be")]
    [InlineData("<<: {a: 1}\n", "a key must be")]
    [InlineData("a: !!python/object:os.system x\n", "explicit types")]
    [InlineData("a: !!str 1\n", "explicit types")]
    [InlineData("a:\n\tb: 1\n", "no valid YAML")]
    [InlineData("\ta: 1\n", "line 1: a tab is in the indentation")]
    [InlineData("\r\n# x\r\n\ta: 1\r\n", "line 3: a tab is in the indentation")]
    [InlineData("a: 1\n\tb: 2\n", "no valid YAML")]
    [InlineData("# \U0001F600 é\n\ta: 1\n", "line 2: a tab is in the indentation")]
    [InlineData("---\n \ta: 1\n", "line 2: a tab is in the indentation")]
    [InlineData("\t{a: 1}\n", "line 1: a tab is in the indentation")]
    [InlineData("a: {b: 1}\n\tc: 2\n", "no valid YAML")]
    [InlineData("a:\n\t- b\n", "no valid YAML")]
    [InlineData("- a\n- b\n", "not a list")]
    [InlineData("just text\n", "not a list")]
    [InlineData("a: 1\na: 2\n", "line 2: this key is there twice")]
    [InlineData("a: 1\n---\nb: 2\n", "a second document")]
    [InlineData("a: [1\n", "no valid YAML")]
    [InlineData("a: b: c\n", "no valid YAML")]
    public void Read_WhatCannotBeTaken_SaysWhereAndWhy(string yaml, string problem) =>
        Should.Throw<ValuesException>(() => Read(yaml)).Message.ShouldContain(problem);

    [Fact]
    public void Read_AnchorsThatExplode_AreRefusedAtTheFirst()
    {
        var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++)
        {
            yaml.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Should.Throw<ValuesException>(() => Read(yaml.ToString())).Message.ShouldStartWith("line 1: anchors");
    }

    [Fact]
    public void Read_TooDeep_IsRefused() =>
        Should.Throw<ValuesException>(() => Read($"a: {new string('[', 5000)}{new string(']', 5000)}")).Message.ShouldContain("deep");

    [Fact]
    public void Read_TooManyValues_IsRefused() =>
        Should.Throw<ValuesException>(() => Read($"a: [{string.Join(',', Enumerable.Repeat("1", 30_000))}]")).Message.ShouldContain("more than");

    [Fact]
    public void Read_TooLong_IsRefused() =>
        Should.Throw<ValuesException>(() => Read($"a: {new string('x', BoundedYaml.MaxBytes)}")).Message.ShouldContain("bytes");

    [Fact]
    public void Read_NotUtf8_IsRefused() =>
        Should.Throw<ValuesException>(() => BoundedYaml.Read([0x61, 0x3a, 0x20, 0xff])).Message.ShouldContain("UTF-8");

    private static JsonObject Read(string yaml) => BoundedYaml.Read(Encoding.UTF8.GetBytes(yaml));
}
