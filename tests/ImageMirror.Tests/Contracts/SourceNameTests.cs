using Ebb.Contracts.Images;
using Ebb.Oci;

namespace Ebb.ImageMirror.Tests.Contracts;

public sealed class SourceNameTests
{
    // The door checks by this grammar and the mirror reads by shared/Oci's: what one lets in the other must understand.
    [Theory]
    [InlineData("alpine")]
    [InlineData("library/alpine")]
    [InlineData("docker.io/library/alpine")]
    [InlineData("cgr.dev/chainguard/nginx")]
    [InlineData("ghcr.io/cloudnative-pg/postgresql")]
    [InlineData("127.0.0.1:5000/a/b-c__d.e/f--g")]
    [InlineData("localhost/a")]
    [InlineData("localhost:5000/a")]
    [InlineData("registry:5000/a")]
    [InlineData("Harbor.Example.com/library/x")]
    [InlineData("docker.io/library/golang@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void TryParse_Valid_TheRegistryClientReadsItToo(string text)
    {
        SourceName.TryParse(text, out _, out var problem).ShouldBeTrue(problem);
        ImageReference.TryParse(text, out _, out var other).ShouldBeTrue(other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../x")]
    [InlineData("docker.io/../x")]
    [InlineData("docker.io//x")]
    [InlineData("docker.io/x/")]
    [InlineData("/x")]
    [InlineData("UPPER/case")]
    [InlineData("docker.io/library/Alpine")]
    [InlineData("docker.io/library/alpine:3.20")]
    [InlineData("docker.io/library/alpine@sha256:0")]
    [InlineData("docker.io/a b")]
    [InlineData("docker.io/a\nb")]
    [InlineData("docker.io/a?x=1")]
    [InlineData("docker.io/a#b")]
    [InlineData("docker.io/%2e%2e/x")]
    [InlineData("user:pass@docker.io/x")]
    [InlineData("https://docker.io/x")]
    [InlineData("docker.io/a---")]
    [InlineData("docker.io/ä")]
    public void TryParse_Hostile_IsRefused(string text) => SourceName.TryParse(text, out _, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_300Characters_IsRefused() => SourceName.TryParse("docker.io/" + new string('a', 300), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("harbor.example.com/library", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("localhost/x", true)]
    [InlineData("library", false)]
    [InlineData("library/x", false)]
    [InlineData("harbor.example.com/Library", false)]
    [InlineData("https://harbor.example.com/x", false)]
    [InlineData("harbor.example.com/x:1", false)]
    public void IsTarget_NeedsARegistry(string text, bool expected)
    {
        SourceName.IsTarget(text).ShouldBe(expected);
        if (expected)
        {
            ImageReference.TryParse(text + "/x", out _, out var problem).ShouldBeTrue(problem);
        }
    }
}
