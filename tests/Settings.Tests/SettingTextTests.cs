namespace Ebb.Settings.Tests;

public sealed class SettingTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("https://me:geheim@host/path", "https://…@host/path")]
    [InlineData("amqp://a:b@c@host", "amqp://…@host")]
    [InlineData("me@example.com", "me@example.com")]
    [InlineData("two\nlines", "two lines")]
    public void Shown_Text_IsOneLineWithoutALogin(string text, string shown) => SettingText.Shown(text).ShouldBe(shown);

    [Fact]
    public void Shown_LongText_IsCut() => SettingText.Shown(new string('x', 400)).ShouldBe(new string('x', 300) + "…");
}
