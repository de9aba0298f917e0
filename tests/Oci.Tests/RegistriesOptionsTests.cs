using Microsoft.Extensions.Configuration;

namespace Ebb.Oci.Tests;

public sealed class RegistriesOptionsTests
{
    [Fact]
    public void From_Settings_Read()
    {
        using var password = new TemporaryFile("p");

        var options = RegistriesOptions.From(Configuration(
            ("Registries:0:Host", "harbor.example.com"), ("Registries:0:Username", "robot$x+y"), ("Registries:0:PasswordFile", password.Path),
            ("Registries:1:Host", "10.0.0.1:5000"), ("Registries:1:PlainHttp", "true"), ("MaxConcurrentRequests", "3")));

        options.Registries.ShouldBe(
        [
            new RegistryOptions { Host = "harbor.example.com", Username = "robot$x+y", PasswordFile = password.Path },
            new RegistryOptions { Host = "10.0.0.1:5000", PlainHttp = true },
        ]);
        options.MaxConcurrentRequests.ShouldBe(3);
    }

    [Fact]
    public void From_LoginOfAPath_Read()
    {
        var options = RegistriesOptions.From(Configuration(
            ("Registries:0:Host", "harbor.example.com/team-a"), ("Registries:0:Username", "a"), ("Registries:0:Password", "x"),
            ("Registries:1:Host", "harbor.example.com"), ("Registries:1:Username", "b"), ("Registries:1:Password", "x")));

        options.FindLogin("harbor.example.com", "team-a/app")!.Username.ShouldBe("a");
        options.FindLogin("harbor.example.com", "team-ab/app")!.Username.ShouldBe("b");
        options.FindLogin("harbor.example.com", null)!.Username.ShouldBe("b");
        options.FindLogin("other.example.com", "team-a/app").ShouldBeNull();
    }

    [Theory]
    [InlineData("harbor.example.com/team-a", "u", "true", "belongs into an entry for its host alone")]
    [InlineData("harbor.example.com/team-a", null, null, "has no Username")]
    [InlineData("harbor.example.com/Team", "u", null, "Registries:0:Host is 'harbor.example.com/Team'")]
    [InlineData("harbor.example.com/team/", "u", null, "Registries:0:Host is 'harbor.example.com/team/'")]
    public void From_PathThatCannotBe_Named(string host, string? user, string? plain, string named) =>
        Should.Throw<OciFormatException>(() => RegistriesOptions.From(Configuration(
            ("Registries:0:Host", host), ("Registries:0:Username", user), ("Registries:0:Password", user), ("Registries:0:PlainHttp", plain)))).Message.ShouldContain(named);

    [Fact]
    public void From_Nothing_Defaults()
    {
        var options = RegistriesOptions.From(Configuration());

        options.Registries.ShouldBeEmpty();
        options.MaxConcurrentRequests.ShouldBe(8);
    }

    [Fact]
    public void From_ManyMistakes_AllNamedAtOnce()
    {
        var e = Should.Throw<OciFormatException>(() => RegistriesOptions.From(Configuration(
            ("MaxConcurrentRequests", "many"),
            ("DockerConfigFile", "/nowhere/config.json"),
            ("Registries:0:Host", "https://harbor.example.com"),
            ("Registries:1:Host", "a.test"), ("Registries:1:Username", "u"), ("Registries:1:PlainHttp", "perhaps"),
            ("Registries:2:Host", "A.test"), ("Registries:2:Password", "secret-word"), ("Registries:2:PasswordFile", "/nowhere/p"), ("Registries:2:CaFile", "/nowhere/ca"))));

        foreach (var named in new[]
        {
            "MaxConcurrentRequests", "DockerConfigFile is '/nowhere/config.json'", "Registries:0:Host is 'https://harbor.example.com'", "Registries:1 has the Username 'u'",
            "Registries:1:PlainHttp is 'perhaps'", "both Password and PasswordFile", "no Username", "PasswordFile is '/nowhere/p'", "CaFile is '/nowhere/ca'", "2 times",
        })
        {
            e.Message.ShouldContain(named);
        }

        e.Message.ShouldNotContain("secret-word");
    }

    [Fact]
    public void Options_Text_ShowsNoPassword() =>
        new RegistryOptions { Host = "h", Username = "u", Password = "secret-word" }.ToString().ShouldNotContain("secret-word");

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
