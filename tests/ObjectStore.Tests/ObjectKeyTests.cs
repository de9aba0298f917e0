namespace Ebb.ObjectStore.Tests;

public sealed class ObjectKeyTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("prod/prod-2026-01-31T02:00:00Z.snap.zst.age")]
    [InlineData("...")]
    [InlineData(".ebb-probe-1")]
    public void Parse_SafeKey_IsKept(string text) => ObjectKey.Parse(text).Value.ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/.")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\ud800")]
    [InlineData("a/.ebb-upload-b")]
    public void Parse_UnsafeKey_IsRefused(string text)
    {
        ObjectKey.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<ObjectStoreException>(() => ObjectKey.Parse(text)).Fault.ShouldBe(ObjectStoreFault.UnsafeKey);
    }

    [Fact]
    public void Parse_TooLong_IsRefused()
    {
        ObjectKey.TryParse(new string('a', 200), out _).ShouldBeTrue();
        ObjectKey.TryParse(new string('a', 201), out _).ShouldBeFalse();
        ObjectKey.TryParse(string.Join('/', Enumerable.Repeat(new string('a', 100), 7)), out _).ShouldBeFalse();
    }
}
