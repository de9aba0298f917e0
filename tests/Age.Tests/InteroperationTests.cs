using System.Security.Cryptography;

namespace Ebb.Age.Tests;

public sealed class InteroperationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-age-").FullName;

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(1_000_001)]
    public async Task Decrypt_FileOfTheAgeTool_GivesItsContent(int length)
    {
        using var one = AgeIdentity.Generate();
        using var other = AgeIdentity.Generate();
        var content = RandomNumberGenerator.GetBytes(length);
        await File.WriteAllBytesAsync(At("plain"), content);
        await AgeTool.AgeAsync(_folder, "-r", other.Recipient.ToString(), "-r", one.Recipient.ToString(), "-o", "sealed", "plain");
        (await Ages.DecryptAsync(await File.ReadAllBytesAsync(At("sealed")), one)).ShouldBe(content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(131_073)]
    [InlineData(1_000_001)]
    public async Task Encrypt_ForTheAgeTool_IsDecryptedByIt(int length)
    {
        await AgeTool.KeygenAsync(_folder, "-o", "key.txt");
        using var file = await AgeIdentityFile.ReadAsync(At("key.txt"), default);
        var identity = file.Identities.ShouldHaveSingleItem();
        (await AgeTool.KeygenAsync(_folder, "-y", "key.txt")).Trim().ShouldBe(identity.Recipient.ToString());

        var content = RandomNumberGenerator.GetBytes(length);
        using var other = AgeIdentity.Generate();
        await File.WriteAllBytesAsync(At("sealed"), await Ages.EncryptAsync(content, other.Recipient, identity.Recipient));
        await AgeTool.AgeAsync(_folder, "-d", "-i", "key.txt", "-o", "plain", "sealed");

        // The tool makes no file when there is nothing to write.
        (length == 0 ? [] : await File.ReadAllBytesAsync(At("plain"))).ShouldBe(content);
    }

    [Fact]
    public async Task Decrypt_WithAGeneratedIdentity_IsAcceptedByTheAgeTool()
    {
        using var identity = AgeIdentity.Generate();
        await File.WriteAllTextAsync(At("key.txt"), identity.ExportSecret() + "\n");
        await File.WriteAllBytesAsync(At("box"), Convert.FromBase64String(AgeBox.Seal(identity.Recipient, "in the box"u8)));
        (await AgeTool.AgeAsync(_folder, "-d", "-i", "key.txt", "box")).ShouldBe("in the box");
    }

    [Fact]
    public async Task Decrypt_ArmorOfTheAgeTool_IsRefusedByName()
    {
        using var identity = AgeIdentity.Generate();
        await File.WriteAllTextAsync(At("plain"), "text");
        await AgeTool.AgeAsync(_folder, "-a", "-r", identity.Recipient.ToString(), "-o", "armored", "plain");
        (await Should.ThrowAsync<AgeException>(async () => await Ages.DecryptAsync(await File.ReadAllBytesAsync(At("armored")), identity))).Message.ShouldContain("armored");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);
}
