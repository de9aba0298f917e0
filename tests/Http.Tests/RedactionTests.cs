namespace Ebb.Http.Tests;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("https://user:pw@host.test/path?digest=sha256:1&X-Amz-Signature=abc&token=t", "https://host.test/path?digest=sha256:1&X-Amz-Signature=[removed]&token=[removed]")]
    [InlineData("https://host.test:8443/v2/a/tags/list?n=5&last=x", "https://host.test:8443/v2/a/tags/list?n=5&last=x")]
    public void Url_Secrets_Removed(string url, string expected) => Redaction.Url(new Uri(url)).ShouldBe(expected);

    [Fact]
    public void Url_Relative_QueryRedacted() => Redaction.Url(new Uri("/a?_state=x", UriKind.Relative)).ShouldBe("/a?_state=[removed]");

    [Theory]
    [InlineData("Authorization: Bearer abcdef0123456789", "abcdef0123456789")]
    [InlineData("basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA")]
    [InlineData("jwt eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln is bad", "eyJzdWIiOiJ4In0")]
    [InlineData("vault token hvs.CAESIJlongtokenvalue", "CAESIJlongtokenvalue")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnop")]
    [InlineData("""{"password":"hunter2"}""", "hunter2")]
    [InlineData("secret=hunter2&x=1", "hunter2")]
    [InlineData("https://ebb:hunter2@host.test/", "hunter2")]
    public void Text_Secrets_Removed(string text, string secret)
    {
        Redaction.Text(text).ShouldNotContain(secret);
        Redaction.Text(text).ShouldContain("[removed]");
    }

    [Fact]
    public void Text_Ordinary_StaysOnOneLineAndBounded()
    {
        Redaction.Text("manifest unknown:\n\u001b[31mlibrary/alpine").ShouldBe("manifest unknown:  [31mlibrary/alpine");
        Redaction.Text(new string('x', 100_000)).Length.ShouldBe(501);
    }
}
