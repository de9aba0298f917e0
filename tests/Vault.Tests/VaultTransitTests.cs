using System.Security.Cryptography;

namespace Ebb.Vault.Tests;

public sealed class VaultTransitTests : VaultTestBase
{
    private static readonly byte[] Hash = SHA256.HashData("message"u8);

    [Fact]
    public async Task Sign_AfterRotation_CarriesTheNewVersionAndVerifiesWithItsKey()
    {
        Server.Transit.Create("platform");
        var transit = new VaultTransit(ClientWithToken(SignPolicy, ReadPolicy));
        (await transit.SignAsync("platform", Hash, default)).Version.ShouldBe(1);

        Server.Transit.Rotate("platform");
        var signature = await transit.SignAsync("platform", Hash, default);
        var key = await transit.ReadKeyAsync("platform", default);

        signature.Version.ShouldBe(2);
        key.LatestVersion.ShouldBe(2);
        key.PublicKeys.Keys.ShouldBe([1, 2]);
        using var publicKey = ECDsa.Create();
        publicKey.ImportFromPem(key.PublicKeys[2]);
        publicKey.VerifyHash(Hash, signature.Der, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        publicKey.ImportFromPem(key.PublicKeys[1]);
        publicKey.VerifyHash(Hash, signature.Der, DSASignatureFormat.Rfc3279DerSequence).ShouldBeFalse();
    }

    [Fact]
    public async Task ReadKey_ArchivedVersions_AreNotListed()
    {
        Server.Transit.Create("platform");
        Server.Transit.Rotate("platform");
        Server.Transit.Archive("platform", minDecryptionVersion: 2);

        (await new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync("platform", default)).PublicKeys.Keys.ShouldBe([2]);
    }

    [Fact]
    public async Task ReadKey_SymmetricKey_HasNoPublicKeys()
    {
        Server.Transit.Create("box", "aes256-gcm96");

        var key = await new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync("box", default);

        (key.Type, key.PublicKeys.Count).ShouldBe(("aes256-gcm96", 0));
    }

    [Fact]
    public async Task Sign_UnknownKey_GivesTheServersWords()
    {
        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(ClientWithToken(SignPolicy)).SignAsync("nobody", Hash, default));

        exception.Fault.ShouldBe(VaultFault.InvalidRequest);
        exception.Message.ShouldContain("POST /v1/transit/sign/nobody/sha2-256 with 400: signing key not found");
    }

    [Fact]
    public async Task Sign_WithoutThePermission_NamesPathAndCapabilityAndAsksOnce()
    {
        Server.Transit.Create("platform");

        var exception = await Should.ThrowAsync<VaultException>(() => new VaultTransit(ClientWithToken(ReadPolicy)).SignAsync("platform", Hash, default));

        exception.Fault.ShouldBe(VaultFault.Denied);
        exception.Message.ShouldContain("Give the token's policy the capability 'update' (and 'create', where nothing is yet) on transit/sign/platform/sha2-256");
        Count("POST /v1/transit/sign/platform/sha2-256").ShouldBe(1);
    }

    [Fact]
    public async Task ReadKey_NotThere_IsNotFound() =>
        (await Should.ThrowAsync<VaultException>(() => new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync("nobody", default))).Fault.ShouldBe(VaultFault.NotFound);

    [Theory]
    [InlineData("../sys/seal")]
    [InlineData("a//b")]
    [InlineData("")]
    public async Task ReadKey_NameThatLeavesTheEngine_IsRefusedUnsent(string name)
    {
        await Should.ThrowAsync<ArgumentException>(() => new VaultTransit(ClientWithToken(ReadPolicy)).ReadKeyAsync(name, default));
        Server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("vault:v1:MEUCIQ==", 1)]
    [InlineData("vault:v12:MEUCIQ==", 12)]
    public void TransitSignature_OfTheServer_IsParsed(string text, int version)
    {
        TransitSignature.TryParse(text, out var signature).ShouldBeTrue();
        signature!.Version.ShouldBe(version);
        signature.Der.ShouldBe(Convert.FromBase64String("MEUCIQ=="));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vault:v0:MEUCIQ==")]
    [InlineData("vault:v-1:MEUCIQ==")]
    [InlineData("vault:v1:")]
    [InlineData("vault:v1:not base64!")]
    [InlineData("vault:1:MEUCIQ==")]
    [InlineData("vault:v1:MEUCIQ==:more")]
    [InlineData("other:v1:MEUCIQ==")]
    [InlineData("vault:v99999999999:MEUCIQ==")]
    public void TransitSignature_AnythingElse_IsRefused(string? text) => TransitSignature.TryParse(text, out _).ShouldBeFalse();
}
