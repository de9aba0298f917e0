namespace Ebb.Grpc.Tests;

public sealed class StatusMessageTests
{
    [Theory]
    [InlineData("plain text, with signs: ~!\"#$&'()*+", "plain text, with signs: ~!\"#$&'()*+")]
    [InlineData("100 %", "100 %25")]
    [InlineData("ü\r\n\t€😀", "%C3%BC%0D%0A%09%E2%82%AC%F0%9F%98%80")]
    public void Encode_AnyText_RoundTrips(string text, string encoded)
    {
        StatusMessage.Encode(text).ShouldBe(encoded);
        StatusMessage.Decode(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("100 %")]
    [InlineData("%zz and %1")]
    public void Decode_InvalidEscapes_AreKept(string encoded) => StatusMessage.Decode(encoded).ShouldBe(encoded);

    [Fact]
    public void Encode_ALongText_IsCut() => StatusMessage.Encode(new string('x', 100_000)).Length.ShouldBeLessThan(5000);
}
