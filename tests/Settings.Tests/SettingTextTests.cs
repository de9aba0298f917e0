namespace Ebb.Settings.Tests;

public sealed class SettingTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("https://me:geheim@host/path", "https://…@host/path")]
    [InlineData("amqp://a:b@c@host", "amqp://…@host")]
    [InlineData("me@example.com", "me@example.com")]
    [InlineData("postgres://ebb@db/ebb?sslmode=require&password=geheim&pool=3", "postgres://…@db/ebb?sslmode=require&password=…&pool=3")]
    [InlineData("Host=db;Password = geheim;User=ebb", "Host=db;Password=…;User=ebb")]
    [InlineData("two\nlines", "two lines")]
    public void Shown_Text_IsOneLineWithoutALogin(string text, string shown) => SettingText.Shown(text).ShouldBe(shown);

    [Fact]
    public void Shown_LongText_IsCut() => SettingText.Shown(new string('x', 400)).ShouldBe(new string('x', 300) + "…");
}
