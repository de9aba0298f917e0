using Ebb.ImageMirror.Adhoc;
using Ebb.Oci;

namespace Ebb.ImageMirror.Tests.Adhoc;

public sealed class AdhocSourceTests
{
    [Theory]
    [InlineData("quay.io/team/tool", "quay.io/team/tool", true)]
    [InlineData("quay.io/team/tool", "QUAY.IO/team/tool", true)]
    [InlineData("quay.io/team/tool", "quay.io/team/tool2", false)]
    [InlineData("quay.io/team/tool", "quay.io/team/tool/x", false)]
    [InlineData("quay.io/team/tool", "quay.io/a/quay.io/team/tool", false)]
    [InlineData("quay.io/team/tool", "quay.io:443/team/tool", false)]
    [InlineData("quay.io/team/*", "quay.io/team/a/b", true)]
    [InlineData("quay.io/team/*", "quay.io/team", false)]
    [InlineData("quay.io/team/*", "quay.io/teams/a", false)]
    [InlineData("quay.io/team/*", "quay.io.evil.example/team/a", false)]
    [InlineData("quay.io/team/*", "evil.example/quay.io/team/a", false)]
    [InlineData("quay.io/*", "quay.io/anyone/x", true)]
    [InlineData("docker.io/*", "alpine", true)]
    [InlineData("docker.io/library/*", "alpine", true)]
    [InlineData("docker.io/library/*", "index.docker.io/evil/x", false)]
    [InlineData("docker.io/alpine", "registry-1.docker.io/library/alpine", true)]
    [InlineData("registry.example.com:5000/a/*", "registry.example.com:5000/a/b", true)]
    [InlineData("registry.example.com:5000/a/*", "registry.example.com/a/b", false)]
    public void Allows_OnlyTheWholeName(string pattern, string source, bool expected)
    {
        AdhocSource.TryParse(pattern, out var rule, out var problem).ShouldBeTrue(problem);

        rule.Allows(ImageReference.Parse(source)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*/*")]
    [InlineData("*.io/team/tool")]
    [InlineData("quay.*/team/tool")]
    [InlineData("quay.io*/team/tool")]
    [InlineData("quay.io/*/tool")]
    [InlineData("quay.io/team*")]
    [InlineData("quay.io/te?m/tool")]
    [InlineData("(quay.io|evil.example)/team/tool")]
    [InlineData("quay.io")]
    [InlineData("quay.io/team/tool:1")]
    [InlineData("quay.io/team/tool@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("quay.io/../tool")]
    [InlineData("https://quay.io/team/tool")]
    [InlineData("user@quay.io/team/tool")]
    [InlineData("team/tool")]
    [InlineData("")]
    public void TryParse_AnythingButAHostAndAPath_IsRefused(string pattern)
    {
        AdhocSource.TryParse(pattern, out _, out var problem).ShouldBeFalse();

        problem.ShouldStartWith("write a host and a repository");
    }

    [Theory]
    [InlineData("127.0.0.1/x/*")]
    [InlineData("127.0.0.1:5000/x/*")]
    [InlineData("169.254.169.254/x/y")]
    [InlineData("10.0.0.1/x/y")]
    [InlineData("8.8.8.8/x/y")]
    [InlineData("127.1/x/y")]
    [InlineData("0x7f.1/x/y")]
    [InlineData("0x7f.0.0.0x1/x/y")]
    [InlineData("2130706433:80/x/y")]
    [InlineData("0177.0.0.1/x/y")]
    [InlineData("[::1]:5000/x/y")]
    [InlineData("[fe80::1]:80/x/y")]
    [InlineData("[::ffff:127.0.0.1]:80/x/y")]
    [InlineData("localhost:5000/x/y")]
    [InlineData("LOCALHOST:5000/x/y")]
    [InlineData("a.localhost/x/y")]
    [InlineData("localhost.localdomain/x/y")]
    [InlineData("ip6-localhost:80/x/y")]
    public void TryParse_AddressesAndThisMachine_AreRefused(string pattern) =>
        AdhocSource.TryParse(pattern, out _, out _).ShouldBeFalse();
}
