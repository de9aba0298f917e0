using System.Text.Json.Nodes;
using Ebb.Manifests.Tests.Schemas;

namespace Ebb.Manifests.Tests;

public sealed class StructuralSchemaTests
{
    private const string Schema = """
        {"type":"object","required":["name"],"properties":{
          "name":{"type":"string","pattern":"^[a-z]+$","maxLength":5},"count":{"type":"integer","minimum":1},
          "kind":{"type":"string","enum":["A","B"]},"port":{"x-kubernetes-int-or-string":true},
          "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
          "labels":{"type":"object","additionalProperties":{"type":"string"}},"list":{"type":"array","minItems":1,"items":{"type":"boolean"}}}}
        """;

    [Theory]
    [InlineData("""{"name":"a","count":2,"kind":"B","port":"http","free":{"x":1},"labels":{"k":"v"},"list":[true]}""")]
    [InlineData("""{"name":"a","port":80}""")]
    public void Problems_ValueThatFits_AreNone(string value) => Problems(value).ShouldBeEmpty();

    [Theory]
    [InlineData("""{}""", "$.name is missing")]
    [InlineData("""{"name":"A"}""", "does not match")]
    [InlineData("""{"name":"abcdef"}""", "maxLength")]
    [InlineData("""{"name":"a","nme":1}""", "$.nme does not exist")]
    [InlineData("""{"name":"a","count":0}""", "minimum")]
    [InlineData("""{"name":"a","count":1.5}""", "no integer")]
    [InlineData("""{"name":"a","kind":"C"}""", "none of")]
    [InlineData("""{"name":"a","port":true}""", "integer or string")]
    [InlineData("""{"name":"a","labels":{"k":1}}""", "$.labels.k is 1, no string")]
    [InlineData("""{"name":"a","list":[]}""", "minItems")]
    [InlineData("""{"name":"a","list":["x"]}""", "$.list[0]")]
    [InlineData("""{"name":null}""", "is null")]
    public void Problems_ValueThatDoesNotFit_NamesPlaceAndRule(string value, string problem) =>
        Problems(value).ShouldHaveSingleItem().ShouldContain(problem);

    private static IReadOnlyList<string> Problems(string value) =>
        new StructuralSchema(JsonNode.Parse(Schema)!.AsObject()).Problems(JsonNode.Parse(value), "$");
}
