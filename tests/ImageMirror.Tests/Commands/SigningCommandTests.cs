using System.CommandLine;
using System.Security.Cryptography;
using Ebb.ImageMirror.Commands;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Tests.Commands;

public sealed class SigningCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-signing-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task GenerateKey_ThenPolicy_HoldsTheKeyAndTheImages()
    {
        var prefix = Path.Combine(_folder, "cosign");
        File.WriteAllText(Path.Combine(_folder, "password"), "secret of the tests\n");

        (await InvokeAsync([], "generate-key", "--output-key-prefix", prefix, "--password-file", Path.Combine(_folder, "password"))).ShouldBe(0, _error.ToString());
        _output.ToString().ShouldBe($"Private key written to {prefix}.key\nPublic key written to {prefix}.pub\n");
        File.ReadAllText(prefix + ".key").ShouldStartWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----");

        var settings = new Dictionary<string, string?> { ["Signing:Key"] = prefix + ".key", ["Signing:Password"] = "secret of the tests" };
        (await InvokeAsync(settings, "kyverno-policy")).ShouldBe(0, _error.ToString());
        _output.ToString().ShouldContain("kind: ClusterPolicy");
        _output.ToString().ShouldContain("harbor.example.com/library/alpine:*");
        _output.ToString().ShouldContain(File.ReadAllLines(prefix + ".pub")[1]);

        (await InvokeAsync([], "kyverno-policy", "--kind", "ImageValidatingPolicy", "--key", prefix + ".pub")).ShouldBe(0, _error.ToString());
        _output.ToString().ShouldContain("kind: ImageValidatingPolicy");
    }

    [Fact]
    public async Task GenerateKey_PasswordFileConfigured_IsUsed()
    {
        var prefix = Path.Combine(_folder, "cosign");
        var file = Path.Combine(_folder, "password");
        File.WriteAllText(file, "from the settings\n");

        (await InvokeAsync(new() { ["Signing:PasswordFile"] = file, ["COSIGN_PASSWORD"] = "another" }, "generate-key", "--output-key-prefix", prefix)).ShouldBe(0, _error.ToString());

        var settings = new Dictionary<string, string?> { ["Signing:Key"] = prefix + ".key", ["Signing:Password"] = "from the settings" };
        (await InvokeAsync(settings, "kyverno-policy")).ShouldBe(0, _error.ToString());
    }

    [Fact]
    public async Task GenerateKey_FileThere_RefusesToOverwriteIt()
    {
        var settings = new Dictionary<string, string?> { ["COSIGN_PASSWORD"] = "" };
        var prefix = Path.Combine(_folder, "cosign");
        (await InvokeAsync(settings, "generate-key", "--output-key-prefix", prefix)).ShouldBe(0, _error.ToString());
        var before = File.ReadAllText(prefix + ".key");

        (await InvokeAsync(settings, "generate-key", "--output-key-prefix", prefix)).ShouldBe(1);

        _error.ToString().ShouldContain($"{prefix}.key exists and is not overwritten");
        File.ReadAllText(prefix + ".key").ShouldBe(before);
    }

    [Fact]
    public async Task KyvernoPolicy_NoKeyConfigured_SaysWhatToSet()
    {
        (await InvokeAsync([], "kyverno-policy")).ShouldBe(1);

        _error.ToString().ShouldContain("Signing:Key is not set");
    }

    [Fact]
    public async Task KyvernoPolicy_KeyOnNoServer_ListsTheProblemsOfVault()
    {
        (await InvokeAsync(new() { ["Signing:Key"] = "hashivault://platform" }, "kyverno-policy")).ShouldBe(1);

        _error.ToString().ShouldContain("Vault:Address is not set");
        _error.ToString().ShouldContain("Vault has no login");
    }

    [Fact]
    public async Task KyvernoPolicy_PublicKeyOfAnotherKind_IsRefused()
    {
        using var key = RSA.Create(2048);
        var file = Path.Combine(_folder, "rsa.key");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());

        (await InvokeAsync([], "kyverno-policy", "--key", file)).ShouldBe(1);

        _error.ToString().ShouldContain("A key is not a PEM public key.");
    }

    private Task<int> InvokeAsync(Dictionary<string, string?> settings, params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var command = new SigningCommand(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), () => ["harbor.example.com/library/alpine"]);
        return new RootCommand { command }.Parse(["signing", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
    }
}
