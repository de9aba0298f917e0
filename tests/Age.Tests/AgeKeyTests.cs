using System.Text;

namespace Ebb.Age.Tests;

public sealed class AgeKeyTests
{
    // From the public test vectors; not a secret of anyone.
    private const string Secret = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

    [Fact]
    public void Parse_Identity_GivesItsTextAndRecipientBack()
    {
        using var identity = AgeIdentity.Parse(Secret);
        identity.ExportSecret().ShouldBe(Secret);
        AgeRecipient.Parse(identity.Recipient.ToString()).ShouldBe(identity.Recipient);
        identity.ToString().ShouldNotContain("SECRET");
    }

    [Fact]
    public void Generate_Twice_GivesTwo()
    {
        using var one = AgeIdentity.Generate();
        using var other = AgeIdentity.Generate();
        one.ExportSecret().ShouldNotBe(other.ExportSecret());
        one.ExportSecret().Length.ShouldBe(Secret.Length);
    }

    [Theory]
    [InlineData("", "does not start with 'age1'")]
    [InlineData("age1qqq", "wrong length")]
    [InlineData("ssh-ed25519 AAAA", "lower case")]
    [InlineData("age1bt0jjwvgzwkq8fsp4y5a9k9vwxpd9xjzp5nmlxwcqrvw7k3tsjmsqvw3hz", "character that keys never have")]
    public void TryParse_NoRecipient_SaysWhy(string text, string reason)
    {
        AgeRecipient.TryParse(text, out var recipient, out var error).ShouldBeFalse();
        recipient.ShouldBeNull();
        error!.ShouldContain(reason);
    }

    [Fact]
    public void TryParse_RecipientWithAnyOneCharacterChanged_IsRefused()
    {
        using var identity = AgeIdentity.Generate();
        var text = identity.Recipient.ToString();
        for (var i = 4; i < text.Length; i++)
        {
            AgeRecipient.TryParse(text[..i] + (text[i] == 'q' ? 'p' : 'q') + text[(i + 1)..], out _, out var error).ShouldBeFalse();
            error!.ShouldContain("checksum");
        }
    }

    [Fact]
    public void TryParse_MixedOrWrongCase_IsRefused()
    {
        using var identity = AgeIdentity.Generate();
        var recipient = identity.Recipient.ToString();
        AgeRecipient.TryParse(recipient[..^1] + char.ToUpperInvariant(recipient.First(char.IsLetter)), out _, out var mixed).ShouldBeFalse();
        mixed!.ShouldContain("lower case");
        AgeRecipient.TryParse(recipient.ToUpperInvariant(), out _, out _).ShouldBeFalse();
        AgeIdentity.TryParse(Secret.ToLowerInvariant(), out _, out var lower).ShouldBeFalse();
        lower!.ShouldContain("upper case");
    }

    [Fact]
    public void TryParse_IdentityAsRecipient_WarnsWithoutShowingIt()
    {
        AgeRecipient.TryParse(Secret, out _, out var error).ShouldBeFalse();
        error!.ShouldContain("secret half");
        error.ShouldNotContain(Secret[16..30]);
    }

    [Fact]
    public void Parse_FileAsAgeKeygenWritesIt_GivesEveryIdentity()
    {
        using var other = AgeIdentity.Generate();
        using var file = AgeIdentityFile.Parse($"# created: 2026-01-01T00:00:00Z\r\n# public key: age1…\r\n{Secret}\r\n\r\n  # another\n  {other.ExportSecret()}  \n");
        file.Identities.Select(identity => identity.ExportSecret()).ShouldBe([Secret, other.ExportSecret()]);
    }

    [Theory]
    [InlineData("AGE-PLUGIN-YUBIKEY-1QQQQQSZQGPQYQSZQG", "an identity of the plugin 'yubikey'")]
    [InlineData("AGE-PLUGIN-FIDO2-HMAC-1QQQQQSZQGPQYQSZQG", "an identity of the plugin 'fido2-hmac'")]
    [InlineData("AGE-PLUGIN-what is this-1QQ", "an identity of a plugin")]
    [InlineData("AGE-SECRET-KEY-PQ-1QQQQQSZQGPQYQSZQG", "a post-quantum identity")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "an SSH key")]
    [InlineData("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----", "an encrypted file, which age --decrypt opens")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "a key of another kind")]
    [InlineData("AGE-SECRET-KEY-1QQ", "This is no age identity: it has the wrong length. Write a line such as 'AGE-SECRET-KEY-1…', as age-keygen prints it")]
    public void Parse_OtherLineBesideAUsableIdentity_UsesThatAndNamesTheOther(string other, string named)
    {
        using var before = AgeIdentityFile.Parse($"# mine\n{other}\n{Secret}\n");
        using var after = AgeIdentityFile.Parse($"{Secret}\n{other}\n");

        before.Identities.ShouldHaveSingleItem().ExportSecret().ShouldBe(Secret);
        after.Identities.ShouldHaveSingleItem().ExportSecret().ShouldBe(Secret);
        before.PassedOver.ShouldBe([$"line 2: {named}"]);
        after.PassedOver.ShouldBe([$"line 2: {named}"]);
        Should.Throw<FormatException>(() => AgeIdentityFile.Parse(other)).Message.ShouldContain($"In it are line 1: {named}.");
    }

    [Fact]
    public async Task Read_FileWithByteOrderMark_IsReadFromItsFirstLine()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, Secret, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            using var file = await AgeIdentityFile.ReadAsync(path, default);
            file.Identities.ShouldHaveSingleItem();
            using var pasted = AgeIdentityFile.Parse($"\uFEFF {Secret}");
            pasted.PassedOver.ShouldBeEmpty();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Read_FileOfBadLines_NamesThemAllAndShowsNone()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, $"# mine\n{Secret[..^1]}Q\n# fine\nAGE-PLUGIN-YUBIKEY-1QQQ\n");
            var failure = await Should.ThrowAsync<FormatException>(() => AgeIdentityFile.ReadAsync(path, default));
            failure.Message.ShouldStartWith(path);
            failure.Message.ShouldContain("line 2: ");
            failure.Message.ShouldContain("line 4: an identity of the plugin 'yubikey'");
            failure.Message.ShouldNotContain("line 1:");
            failure.Message.ShouldNotContain(Secret[16..30]);
            failure.Message.ShouldNotContain("..");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Parse_FileWithoutIdentity_IsRefused() =>
        Should.Throw<FormatException>(() => AgeIdentityFile.Parse("# nothing\n")).Message.ShouldContain("No identity");
}
