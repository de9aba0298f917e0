using System.Runtime.Versioning;
using Ebb.Oci.Auth;
using static Ebb.Oci.Tests.TestSupport;

namespace Ebb.Oci.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class DockerConfigTests
{
    private const string Auth = "ZWJiOnA6dw=="; // ebb:p:w

    [Theory]
    [InlineData("harbor.test", "harbor.test")]
    [InlineData("https://harbor.test", "harbor.test")]
    [InlineData("https://harbor.test/v2/", "harbor.test")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000")]
    public async Task Auths_KeysAsDockerWritesThem_Found(string key, string registry)
    {
        using var file = new TemporaryFile($$$"""{"auths":{"other.test":{"auth":"b3RoZXI6eA=="},"{{{key}}}":{"auth":"{{{Auth}}}"} } }""");

        (await FindAsync(file.Path, registry)).ShouldBe(new Credential("ebb", "p:w"));
        (await FindAsync(file.Path, "unknown.test")).ShouldBeNull();
    }

    [Fact]
    public async Task ByteOrderMark_IsNoPartOfIt()
    {
        using var file = new TemporaryFile($$$"""{{{"\uFEFF"}}}{"auths":{"harbor.test":{"auth":"{{{Auth}}}"} } }""");

        (await FindAsync(file.Path, "harbor.test")).ShouldBe(new Credential("ebb", "p:w"));
    }

    [Theory]
    [InlineData("team-a/app", "a")]
    [InlineData("team-a/app/deep", "deep")]
    [InlineData("team-a", "a")]
    [InlineData("team-ab/app", "host")]
    [InlineData(null, "host")]
    public async Task Auths_KeysWithPaths_LongestPrefixWins(string? repository, string user)
    {
        static string Login(string name) => $$"""{"username":"{{name}}","password":"x"}""";
        using var file = new TemporaryFile(
            $$"""{"auths":{"harbor.test":{{Login("host")}},"harbor.test/team-a":{{Login("a")}},"https://harbor.test/team-a/app/deep/":{{Login("deep")}} } }""");

        (await FindAsync(file.Path, "harbor.test", repository))!.Username.ShouldBe(user);
    }

    [Fact]
    public async Task Auths_PathAlone_AnonymousElsewhere()
    {
        using var file = new TemporaryFile($$$"""{"auths":{"index.docker.io/team":{"auth":"{{{Auth}}}"} } }""");

        (await FindAsync(file.Path, "docker.io", "team/app")).ShouldBe(new Credential("ebb", "p:w"));
        (await FindAsync(file.Path, "docker.io", "library/alpine")).ShouldBeNull();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"auths":[]}""")]
    [InlineData("""{"auths":{"harbor.test":{"auth":"%%"}}}""")]
    public async Task Broken_NamedWithFile(string json)
    {
        using var file = new TemporaryFile(json);

        var e = await Should.ThrowAsync<RegistryException>(() => FindAsync(file.Path, "harbor.test"));

        e.Message.ShouldContain(file.Path);
    }

    [Fact]
    public async Task Missing_NamedWhenConfigured() =>
        (await Should.ThrowAsync<RegistryException>(() => FindAsync("/nowhere/config.json", "harbor.test"))).Message.ShouldContain("/nowhere/config.json");

    [Fact]
    public async Task Helper_Found_TokenOrPassword()
    {
        using var helper = new HelperOnPath("""read server; case "$server" in *docker.io*) echo '{"Username":"<token>","Secret":"refresh"}';; *) echo '{"Username":"ebb","Secret":"from-helper"}';; esac""");
        using var file = new TemporaryFile($$"""{"credsStore":"{{helper.Name}}"}""");

        (await FindAsync(file.Path, "harbor.test")).ShouldBe(new Credential("ebb", "from-helper"));
        (await FindAsync(file.Path, "docker.io")).ShouldBe(new Credential("", "") { IdentityToken = "refresh" });
    }

    [Fact]
    public async Task Helper_HasNone_FallsBackToAuths()
    {
        using var helper = new HelperOnPath("echo 'credentials not found in native keychain'; exit 1");
        using var file = new TemporaryFile($$$"""{"credHelpers":{"harbor.test":"{{{helper.Name}}}"},"auths":{"harbor.test":{"auth":"{{{Auth}}}"} } }""");

        (await FindAsync(file.Path, "harbor.test")).ShouldBe(new Credential("ebb", "p:w"));
    }

    [Theory]
    [InlineData("exit 3", "ended with 3")]
    [InlineData("echo nonsense", "invalid")]
    [InlineData("yes", "wrote more than")]
    public async Task Helper_Fails_Named(string script, string named)
    {
        using var helper = new HelperOnPath(script);
        using var file = new TemporaryFile($$"""{"credsStore":"{{helper.Name}}"}""");

        (await Should.ThrowAsync<RegistryException>(() => FindAsync(file.Path, "harbor.test"))).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("not-installed-anywhere")]
    [InlineData("../../bin/sh")]
    public async Task Helper_NotUsable_Named(string name)
    {
        using var file = new TemporaryFile($$"""{"credsStore":"{{name}}"}""");

        (await Should.ThrowAsync<RegistryException>(() => FindAsync(file.Path, "harbor.test"))).Message.ShouldContain($"docker-credential-{name}");
    }

    [Fact]
    public void Credential_Text_ShowsNoSecret() => new Credential("ebb", "secret-word").ToString().ShouldNotContain("secret-word");

    private static Task<Credential?> FindAsync(string file, string registry, string? repository = null) =>
        new DockerConfig(file, TimeProvider.System).FindAsync(registry, repository, Token);
}
