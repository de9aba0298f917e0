namespace Ebb.Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string Hex = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine")]
    [InlineData("alpine:3.21", "docker.io/library/alpine:3.21")]
    [InlineData("golang:1.22-alpine", "docker.io/library/golang:1.22-alpine")]
    [InlineData("bitnami/redis", "docker.io/bitnami/redis")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine")]
    [InlineData("index.docker.io/library/alpine", "docker.io/library/alpine")]
    [InlineData("registry-1.docker.io/library/alpine", "docker.io/library/alpine")]
    [InlineData("cgr.dev/chainguard/nginx:latest", "cgr.dev/chainguard/nginx:latest")]
    [InlineData("localhost/x", "localhost/x")]
    [InlineData("127.0.0.1:5000/a/b__c/d-e.f:V1", "127.0.0.1:5000/a/b__c/d-e.f:V1")]
    [InlineData("[::1]:5000/x", "[::1]:5000/x")]
    [InlineData("alpine@sha256:" + Hex, "docker.io/library/alpine@sha256:" + Hex)]
    [InlineData("ghcr.io/a/b:1@sha256:" + Hex, "ghcr.io/a/b:1@sha256:" + Hex)]
    public void Parse_Reference_NormalizedAsDockerDoes(string text, string expected)
    {
        var reference = ImageReference.Parse(text);

        reference.ToString().ShouldBe(expected);
        ImageReference.Parse(expected).ShouldBe(reference);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("../../x", "'../../x'")]
    [InlineData("UPPER/case", "upper case")]
    [InlineData("docker.io/UPPER/case", "upper case")]
    [InlineData("ghcr.io/a//b", "repository 'a//b'")]
    [InlineData("ghcr.io/a/../b", "repository 'a/../b'")]
    [InlineData("ghcr.io/a b", "repository 'a b'")]
    [InlineData("exa_mple.com/x", "host name")]
    [InlineData("host:123456/x", "host name")]
    [InlineData("ghcr.io/", "repository ''")]
    [InlineData("alpine:", "tag ''")]
    [InlineData("alpine:.x", "tag '.x'")]
    [InlineData("alpine:a\n", "tag 'a")]
    [InlineData("alpine@sha256:short", "digest")]
    [InlineData("alpine@md5:" + Hex, "digest")]
    public void TryParse_NoReference_ProblemNamesIt(string text, string named)
    {
        ImageReference.TryParse(text, out var reference, out var problem).ShouldBeFalse();

        reference.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(named);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(300, false)]
    public void TryParse_LongName_LimitedTo255(int length, bool valid)
    {
        var text = "ghcr.io/" + new string('a', length - "ghcr.io/".Length);

        ImageReference.TryParse(text, out _, out var problem).ShouldBe(valid);

        (problem?.Contains($"have {length} characters, at most 255", StringComparison.Ordinal) ?? true).ShouldBeTrue();
        (problem?.Length ?? 0).ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData("latest", true)]
    [InlineData("_x", true)]
    [InlineData("-x", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    public void IsTag_Text_AsTheGrammarSays(string text, bool valid) => ImageReference.IsTag(text).ShouldBe(valid);

    [Fact]
    public void IsTag_Length_AtMost128()
    {
        ImageReference.IsTag(new string('a', 128)).ShouldBeTrue();
        ImageReference.IsTag(new string('a', 129)).ShouldBeFalse();
    }
}
