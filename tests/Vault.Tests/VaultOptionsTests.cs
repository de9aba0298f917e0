using Microsoft.Extensions.Configuration;

namespace Ebb.Vault.Tests;

public sealed class VaultOptionsTests
{
    [Fact]
    public void From_Section_OutvotesTheVariablesOfVaultsTools()
    {
        var options = Options(
            ("Vault:Address", "https://vault.example.com"), ("VAULT_ADDR", "https://other"),
            ("VAULT_NAMESPACE", "team"), ("Vault:Kubernetes:Role", "mirror"), ("VAULT_TOKEN", "left over"));

        options.Address.ShouldBe("https://vault.example.com");
        options.Namespace.ShouldBe("team");
        options.Kubernetes!.Role.ShouldBe("mirror");
        options.Token.ShouldBeNull();
        options.TransitMount.ShouldBe("transit");
    }

    [Fact]
    public void From_VariablesAlone_Suffice()
    {
        var options = Options(("VAULT_ADDR", "https://127.0.0.1:8200"), ("VAULT_TOKEN", "t"), ("TRANSIT_SECRET_ENGINE_PATH", "keys"));

        VaultOptionsValidator.Validate(options).ShouldBeEmpty();
        (options.Token, options.TransitMount).ShouldBe(("t", "keys"));
    }

    [Fact]
    public void Validate_ManyMistakes_AllAreListedAtOnce()
    {
        var problems = VaultOptionsValidator.Validate(Options(
            ("Vault:Address", "http://vault.example.com:8200"), ("Vault:Token", "a-secret-token"), ("Vault:Kubernetes:Mount", "../x"),
            ("Vault:Kubernetes:JwtFile", "/nowhere/jwt"), ("Vault:TransitMount", "a//b"), ("Vault:CaFile", "/nowhere/ca.pem"))).ToList();

        problems.ShouldBe(
        [
            "Vault:Address 'http://vault.example.com:8200' would send the token unencrypted. Use https, or set Vault:PlainHttp to true.",
            "Vault:Token and Vault:Kubernetes are set. Keep one login.",
            "Vault:Kubernetes:Role is not set. Set it to the role that the service account is bound to.",
            "Vault:Kubernetes:Mount '../x' is no mount path such as transit or team/transit.",
            "Vault:Kubernetes:JwtFile '/nowhere/jwt' does not exist.",
            "Vault:TransitMount 'a//b' is no mount path such as transit or team/transit.",
            "Vault:CaFile '/nowhere/ca.pem' does not exist.",
        ]);
    }

    [Fact]
    public void Validate_NothingSet_SaysWhatIsNeeded() =>
        VaultOptionsValidator.Validate(Options()).ShouldBe(
        [
            "Vault:Address is not set. Set it (or VAULT_ADDR) to the server's URL, such as https://vault.example.com:8200.",
            "Vault has no login. Set one of Vault:TokenFile, Vault:Kubernetes:Role, Vault:Jwt:Role, or Vault:AppRole:RoleIdFile and Vault:AppRole:SecretIdFile.",
        ]);

    [Fact]
    public void Validate_AddressWithUser_IsNotRepeated() =>
        VaultOptionsValidator.Validate(Options(("Vault:Address", "https://user:hunter2@vault"), ("Vault:Token", "t"))).ShouldHaveSingleItem().ShouldNotContain("hunter2");

    private static VaultOptions Options(params (string Key, string Value)[] settings) => VaultOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
