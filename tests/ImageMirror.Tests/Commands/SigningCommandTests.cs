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

        (await InvokeAsync([], "kyverno-policy", "--kyverno", "1.19.1", "--key", prefix + ".pub")).ShouldBe(0, _error.ToString());
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

    [Theory]
    [InlineData("1.13", "ClusterPolicy")]
    [InlineData("v1.18.2", "ClusterPolicy")]
    [InlineData("1.19", "ImageValidatingPolicy")]
    [InlineData("1.20.0", "ImageValidatingPolicy")]
    public async Task KyvernoPolicy_Version_PrintsWhatWorksThereWithoutTheInternet(string version, string kind)
    {
        (await InvokeAsync([], "kyverno-policy", "--kyverno", version, "--key", await PublicKeyAsync())).ShouldBe(0, _error.ToString());

        _output.ToString().ShouldContain($"kind: {kind}\n");
        _error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1.12", "is older than 1.13")]
    [InlineData("newest", "is no version of Kyverno")]
    public async Task KyvernoPolicy_VersionThatCannotBe_IsNamed(string version, string problem)
    {
        (await InvokeAsync([], "kyverno-policy", "--kyverno", version, "--key", await PublicKeyAsync())).ShouldBe(1);

        _error.ToString().ShouldContain($"'{version}' {problem}");
        _output.ToString().ShouldNotContain("kind:");
    }

    [Theory]
    [InlineData("1.18", false)]
    [InlineData(null, false)]
    [InlineData("1.19", true)]
    public async Task KyvernoPolicy_BundlesAlone_PrintsNoPolicyThatWouldRefuseThem(string? version, bool isPrinted)
    {
        var settings = new Dictionary<string, string?> { ["Signing:Formats:0"] = "bundle", ["Signing:Kyverno"] = version };

        (await InvokeAsync(settings, "kyverno-policy", "--key", await PublicKeyAsync())).ShouldBe(isPrinted ? 0 : 1);

        _output.ToString().Contains("kind:", StringComparison.Ordinal).ShouldBe(isPrinted);
        if (!isPrinted)
        {
            _error.ToString().ShouldContain("Add cosign to Signing:Formats and mirror again");
        }
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

    private async Task<string> PublicKeyAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(_folder, "some.pub");
        await File.WriteAllTextAsync(file, key.ExportSubjectPublicKeyInfoPem() + "\n", TestContext.Current.CancellationToken);
        return file;
    }

    private Task<int> InvokeAsync(Dictionary<string, string?> settings, params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var command = new SigningCommand(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), () => ["harbor.example.com/library/alpine"]);
        return new RootCommand { command }.Parse(["signing", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
    }
}
