using System.Security.Cryptography;
using Ebb.TestServers.Vault;
using Ebb.Vault;

namespace Ebb.Signing.Tests.Keys;

public sealed class VaultTransitSignerTests(RegistryFixture fixture) : IAsyncLifetime
{
    private const string Key = "hashivault://platform";
    private VaultServer _server = null!;
    private VaultClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await VaultServer.StartAsync();
        _server.Transit.Create("platform");
        var token = _server.Tokens.Create(policies: ["update transit/sign/platform/sha2-256", "read transit/keys/*"]);
        _client = new VaultClient(new VaultOptions { Address = _server.Address, Token = token.Value }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Sign_ImageWithTransit_CosignAcceptsItBeforeAndAfterRotation()
    {
        var cosign = Cosign.Require();
        using var repository = await SignedRepository.CreateAsync(fixture.Registry);
        await repository.SignAsync(repository.Signer(Signer()));
        await VerifyAsync(cosign, repository, await PublicKeyAsync(1));

        _server.Transit.Rotate("platform");

        // A new signer, as after a restart: the key that signs now is version 2, so a signature by it is added.
        var rotated = repository.Signer(Signer());
        (await repository.FindMissingAsync(rotated)).ShouldBe([SignatureFormat.Cosign, SignatureFormat.Bundle]);
        await repository.SignAsync(rotated);
        (await repository.FindMissingAsync(rotated)).ShouldBeEmpty();
        await VerifyAsync(cosign, repository, await PublicKeyAsync(1));
        await VerifyAsync(cosign, repository, await PublicKeyAsync(2));
    }

    [Fact]
    public async Task Sign_RotatedWhileInUse_GivesTheKeyOfTheVersionThatSigned()
    {
        var signer = Signer();
        await signer.GetPublicKeysAsync(default);
        _server.Transit.Rotate("platform");

        var hash = SHA256.HashData("message"u8);
        var signature = await signer.SignAsync(hash, default);

        signature.PublicKey.VerifyHash(hash, signature.Der, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        signature.PublicKey.ExportSubjectPublicKeyInfoPem().ShouldBe((await PublicKeyAsync(2)).Trim());
        (await signer.GetPublicKeysAsync(default))[0].ShouldBeSameAs(signature.PublicKey);
    }

    [Fact]
    public async Task GetPublicKeys_AskedOften_ReadsThemOnce()
    {
        var signer = Signer();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => signer.GetPublicKeysAsync(default).AsTask()));

        _server.Requests.Count(request => request == "GET /v1/transit/keys/platform").ShouldBe(1);
    }

    [Theory]
    [InlineData("ecdsa-p384")]
    [InlineData("aes256-gcm96")]
    public async Task GetPublicKeys_KeyOfAnotherType_SaysWhatToMake(string type)
    {
        _server.Transit.Create("other", type);

        var exception = await Should.ThrowAsync<SigningException>(async () => await Signer("hashivault://other").GetPublicKeysAsync(default));

        exception.Message.ShouldContain($"has the type '{type}' and not ecdsa-p256");
    }

    [Fact]
    public async Task Sign_NotPermitted_NamesTheKeyAndTheCapability()
    {
        _server.Transit.Create("other");

        var exception = await Should.ThrowAsync<SigningException>(async () => await Signer("hashivault://other").SignAsync(new byte[32], default));

        exception.Message.ShouldContain("The key hashivault://other cannot sign");
        exception.Message.ShouldContain("'update'");
        exception.Message.ShouldContain("on transit/sign/other/sha2-256");
    }

    [Fact]
    public void Create_KeyInVault_AsksNoServer()
    {
        Signer().Description.ShouldBe(Key);
        _server.Requests.ShouldBeEmpty();
    }

    private static async Task VerifyAsync(Cosign cosign, SignedRepository repository, string publicKey)
    {
        var file = Path.Combine(repository.Folder, "transit.pub");
        await File.WriteAllTextAsync(file, publicKey);
        var (code, output) = await cosign.VerifyAsync(repository.Folder, file, repository.Reference(repository.Index));
        code.ShouldBe(0, output);
    }

    private async Task<string> PublicKeyAsync(int version) => (await new VaultTransit(_client).ReadKeyAsync("platform", default)).PublicKeys[version];

    private ISigner Signer(string key = Key) => Signers.Create(new SigningOptions { Key = key }, () => _client, TimeProvider.System);
}
