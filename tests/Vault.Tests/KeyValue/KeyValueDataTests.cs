using System.Text;
using Ebb.Vault.KeyValue;

namespace Ebb.Vault.Tests.KeyValue;

public sealed class KeyValueDataTests
{
    [Fact]
    public void With_OneKeyChanged_LeavesTheBytesAndTheOrderOfTheOthers()
    {
        var data = Parse("""{"z":1.10,"a":1e3,"n":{"b": [1, 2.0],"a":null},"t":"\u00fc\/","METADATA_TAG":"1","e":"","big":12345678901234567890}""");

        var changed = data.With([KeyValuePair.Create("METADATA_TAG", (string?)"2 \"quoted\""), KeyValuePair.Create("new", (string?)"x"), KeyValuePair.Create("e", (string?)null)]);

        Text(changed).ShouldBe("""{"z":1.10,"a":1e3,"n":{"b": [1, 2.0],"a":null},"t":"\u00fc\/","METADATA_TAG":"2 \u0022quoted\u0022","big":12345678901234567890,"new":"x"}""");
        changed.Text("METADATA_TAG").ShouldBe("2 \"quoted\"");
        changed.Text("t").ShouldBe("ü/");
        data.Keys.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("n")]
    [InlineData("missing")]
    public void Text_OfWhatIsNoText_IsNull(string key) => Parse("""{"a":1,"n":null}""").Text(key).ShouldBeNull();

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"hunter2\"")]
    [InlineData("{\"a\":hunter2}")]
    [InlineData("")]
    public void Parse_WhatIsNoObject_IsRefusedWithoutRepeatingIt(string json)
    {
        KeyValueData.TryParse(Encoding.UTF8.GetBytes(json), out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Parse(json)).ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void ToString_HasNoValues() => Parse("""{"a":"hunter2"}""").ToString().ShouldBe("1 keys");

    private static KeyValueData Parse(string json) => KeyValueData.Parse(Encoding.UTF8.GetBytes(json));

    private static string Text(KeyValueData data) => Encoding.UTF8.GetString(data.ToJson().Span);
}
