using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Signing.Keys;

namespace Ebb.Signing.Tests.Keys;

public sealed class CosignKeyFileTests : IDisposable
{
    private const string Password = "password of the tests";

    // Each takes a moment of scrypt, so one serves all tests that only change it.
    private static readonly Lazy<SigningKeyPair> AnyPair = new(() => SigningKeyPair.Generate([]));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_KeyOfTheRealCosign_SignsWithItsPublicKey()
    {
        await Cosign.Require().RunAsync(_folder.Path, "generate-key-pair");
        var signer = Signer(_folder.At("cosign.key"), Password);

        var signature = await signer.SignAsync(SHA256.HashData("message"u8), default);

        using var publicKey = ECDsa.Create();
        publicKey.ImportFromPem(await File.ReadAllTextAsync(_folder.At("cosign.pub")));
        publicKey.VerifyData("message"u8, signature.Der, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        signer.Description.ShouldBe(_folder.At("cosign.key"));
    }

    [Fact]
    public async Task Generate_OurKey_IsReadByTheRealCosign()
    {
        var cosign = Cosign.Require();
        SigningKeyPair.Generate(Encoding.UTF8.GetBytes(Password)).Write(_folder.At("ours"));

        await cosign.RunAsync(_folder.Path, "public-key", "--key", "ours.key", "--outfile", "derived.pub");
        File.ReadAllText(_folder.At("derived.pub")).Trim().ShouldBe(File.ReadAllText(_folder.At("ours.pub")).Trim());

        _folder.Write("blob", "something to sign");
        await cosign.RunAsync(_folder.Path, "sign-blob", "--key", "ours.key", "--tlog-upload=false", "-y", "--output-signature", "blob.sig", "blob");
        using var publicKey = ECDsa.Create();
        publicKey.ImportFromPem(File.ReadAllText(_folder.At("ours.pub")));
        publicKey.VerifyData("something to sign"u8, Convert.FromBase64String(File.ReadAllText(_folder.At("blob.sig"))), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
    }

    [Fact]
    public void Generate_EmptyPassword_IsValid()
    {
        AnyPair.Value.Write(_folder.At("cosign"));

        Signer(_folder.At("cosign.key"), password: null).Description.ShouldEndWith("cosign.key");
    }

    [Fact]
    public void Create_LabelOfOldCosign_IsRead()
    {
        var pem = AnyPair.Value.PrivateKeyPem.Replace(CosignKeyFile.Label, CosignKeyFile.OldLabel, StringComparison.Ordinal);

        Signer(_folder.Write("cosign.key", pem), password: null).ShouldNotBeNull();
    }

    [Fact]
    public void Write_FilesOnDisk_AreForTheOwnerAndNeverOverwritten()
    {
        var pair = AnyPair.Value;
        pair.Write(_folder.At("cosign"));

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        (OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_folder.At("cosign.key"))).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<SigningException>(() => pair.Write(_folder.At("cosign"))).Message.ShouldContain("cosign.key exists and is not overwritten");
        File.ReadAllText(_folder.At("cosign.key")).ShouldBe(pair.PrivateKeyPem);
    }

    [Fact]
    public void Create_WrongPassword_SaysSoAndNothingSecret()
    {
        SigningKeyPair.Generate("right"u8).Write(_folder.At("cosign"));

        var exception = Should.Throw<SigningException>(() => Signer(_folder.At("cosign.key"), "guess-of-somebody"));

        exception.Message.ShouldContain($"The password does not open the key {_folder.At("cosign.key")}");
        exception.Message.ShouldContain("Signing:PasswordFile");
        exception.ToString().ShouldNotContain("guess-of-somebody");
    }

    [Fact]
    public void Create_PasswordFile_ItsLineEndIsNotThePassword()
    {
        SigningKeyPair.Generate("right"u8).Write(_folder.At("cosign"));
        var options = new SigningOptions { Key = _folder.At("cosign.key"), PasswordFile = _folder.Write("password", "right\n") };

        Signers.Create(options, NoVault, TimeProvider.System).ShouldNotBeNull();
    }

    [Fact]
    public void Create_PasswordFile_ItsByteOrderMarkIsNotThePassword()
    {
        SigningKeyPair.Generate("right"u8).Write(_folder.At("cosign"));
        var options = new SigningOptions { Key = _folder.At("cosign.key"), PasswordFile = _folder.Write("password", "\uFEFFright\r\n") };

        Signers.Create(options, NoVault, TimeProvider.System).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("kdf.params.N", "1073741824", "scrypt cost N=1073741824 is none of 32768, 65536, 131072")]
    [InlineData("kdf.params.N", "16384", "scrypt cost N=16384")]
    [InlineData("kdf.params.r", "1024", "r=1024, p=1 are not r=8, p=1")]
    [InlineData("kdf.params.p", "0", "r=8, p=0")]
    [InlineData("kdf.name", "\"pbkdf2\"", "its key derivation is not scrypt")]
    [InlineData("kdf.salt", "\"AAAA\"", "its salt has 3 bytes and not 32")]
    [InlineData("cipher.nonce", "\"AAAA\"", "its nonce has 3 bytes and not 24")]
    [InlineData("cipher.name", "\"aes\"", "its cipher is not nacl/secretbox")]
    [InlineData("ciphertext", "\"AAAA\"", "its ciphertext has 3 bytes")]
    [InlineData("ciphertext", "null", "damaged")]
    [InlineData("kdf", "7", "damaged")]
    public void Create_ContentOutOfBounds_IsRefusedBeforeItIsComputed(string member, string value, string problem)
    {
        var exception = Should.Throw<SigningException>(() => Signer(_folder.Write("cosign.key", With(member, value)), "x"));

        exception.Message.ShouldContain(problem);
    }

    [Fact]
    public void Create_CostThatOtherVersionsWrite_IsComputed()
    {
        // The cost is changed without encrypting anew, so it is computed and the tag does not match.
        Should.Throw<SigningException>(() => Signer(_folder.Write("a.key", With("kdf.params.N", "32768")), "x")).Message.ShouldContain("The password does not open");
        Should.Throw<SigningException>(() => Signer(_folder.Write("b.key", With("kdf.params.N", "131072")), "x")).Message.ShouldContain("The password does not open");
    }

    private static string With(string member, string value)
    {
        var pem = AnyPair.Value.PrivateKeyPem;
        var fields = PemEncoding.Find(pem);
        var json = JsonNode.Parse(Convert.FromBase64String(pem[fields.Base64Data]))!;
        var path = member.Split('.');
        var target = path[..^1].Aggregate(json, (node, name) => node[name]!);
        target[path[^1]] = JsonNode.Parse(value);
        return PemEncoding.WriteString(CosignKeyFile.Label, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static ISigner Signer(string path, string? password) =>
        Signers.Create(new SigningOptions { Key = path, Password = password }, NoVault, TimeProvider.System);

    private static Vault.VaultClient NoVault() => throw new UnreachableException();

    [Fact]
    public async Task CreateAsync_PublicKeyRemembered_DecryptsAtTheFirstSignature()
    {
        var prefix = Path.Combine(Path.GetTempPath(), $"ebb-{Guid.NewGuid():n}");
        SigningKeyPair.Generate("right"u8).Write(prefix);
        var memory = new Memory();
        try
        {
            SigningOptions With(string password) => new() { Key = prefix + ".key", Password = password };
            var first = await Signers.CreateAsync(With("right"), NoVault, TimeProvider.System, memory, default);
            memory.Known.ShouldHaveSingleItem().Value.ShouldBe(File.ReadAllText(prefix + ".pub").TrimEnd());

            var second = await Signers.CreateAsync(With("right"), NoVault, TimeProvider.System, memory, default);
            var hash = new byte[32];
            var signature = await second.SignAsync(hash, default);
            (await first.GetPublicKeysAsync(default))[0].VerifyHash(hash, signature.Der, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();

            var wrong = await Signers.CreateAsync(With("wrong"), NoVault, TimeProvider.System, memory, default);
            (await wrong.GetPublicKeysAsync(default)).Count.ShouldBe(1);
            (await Should.ThrowAsync<SigningException>(async () => await wrong.SignAsync(hash, default))).Message.ShouldContain("does not open the key");

            // A file that is replaced while the process runs signs nothing: nobody would look for its signatures.
            File.Delete(prefix + ".key");
            File.Delete(prefix + ".pub");
            SigningKeyPair.Generate("wrong"u8).Write(prefix);
            (await Should.ThrowAsync<SigningException>(async () => await wrong.SignAsync(hash, default))).Message.ShouldContain("holds another key");
            await Signers.CreateAsync(With("wrong"), NoVault, TimeProvider.System, memory, default);
            memory.Known.Count.ShouldBe(2);
        }
        finally
        {
            File.Delete(prefix + ".key");
            File.Delete(prefix + ".pub");
        }
    }

    private sealed class Memory : IPublicKeyMemory
    {
        public Dictionary<string, string> Known { get; } = [];

        public ValueTask<string?> FindAsync(string fileHash, CancellationToken cancellationToken) => ValueTask.FromResult(Known.GetValueOrDefault(fileHash));

        public ValueTask RememberAsync(string fileHash, string publicKeyPem, CancellationToken cancellationToken)
        {
            Known[fileHash] = publicKeyPem;
            return ValueTask.CompletedTask;
        }
    }
}
