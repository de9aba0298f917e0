using Microsoft.Extensions.Configuration;

namespace Ebb.Signing.Tests;

public sealed class SigningOptionsTests
{
    [Fact]
    public void From_NothingSet_SignsNothingInBothFormats()
    {
        var options = SigningOptions.From(Configuration());

        options.Key.ShouldBeNull();
        options.Formats.ShouldBe([SignatureFormat.Cosign, SignatureFormat.Bundle]);
        SigningOptionsValidator.Validate(Configuration()).ShouldBeEmpty();
    }

    [Fact]
    public void From_FormatsAsTextOrList_AreRead()
    {
        SigningOptions.From(Configuration(("Signing:Formats", "cosign, Bundle"))).Formats.ShouldBe([SignatureFormat.Cosign, SignatureFormat.Bundle]);
        SigningOptions.From(Configuration(("Signing:Formats:0", "bundle"))).Formats.ShouldBe([SignatureFormat.Bundle]);
    }

    [Fact]
    public void Validate_UnknownFormat_IsNamed() =>
        SigningOptionsValidator.Validate(Configuration(("Signing:Key", "hashivault://platform"), ("Signing:Formats", "cosign,notary")))
            .ShouldBe(["Signing:Formats holds 'notary'. The formats are cosign and bundle."]);

    [Fact]
    public void ToString_Password_IsNotShown() =>
        new SigningOptions { Key = "cosign.key", Password = "hunter2" }.ToString().ShouldNotContain("hunter2");

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
