using Microsoft.Extensions.Configuration;

namespace Ebb.Signing.Tests;

public sealed class SigningOptionsTests
{
    [Theory]
    [InlineData("1.18", "bundle", "Signing:Formats lacks cosign")]
    [InlineData("1.19", "bundle", null)]
    [InlineData("1.18", "cosign", null)]
    [InlineData("1.x", "cosign", "Signing:Kyverno '1.x' is no version of Kyverno")]
    public void Validate_FormatsThatKyvernoDoesNotRead_AreRefused(string kyverno, string format, string? problem)
    {
        var file = Path.GetTempFileName();
        var found = string.Join('\n', SigningOptionsValidator.Validate(new SigningOptions
        {
            Key = file,
            Kyverno = kyverno,
            Formats = [format == "bundle" ? SignatureFormat.Bundle : SignatureFormat.Cosign],
        }));
        File.Delete(file);

        found.ShouldContain(problem ?? "");
        (found.Length == 0).ShouldBe(problem is null);
    }

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
            .ShouldBe(["Signing:Formats holds 'notary'; write cosign or bundle."]);

    [Fact]
    public void ToString_Password_IsNotShown() =>
        new SigningOptions { Key = "cosign.key", Password = "hunter2" }.ToString().ShouldNotContain("hunter2");

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
