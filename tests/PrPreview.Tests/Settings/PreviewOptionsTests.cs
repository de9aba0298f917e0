using Ebb.PrPreview.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview.Tests.Settings;

public sealed class PreviewOptionsTests
{
    [Fact]
    public void Validate_NothingConfigured_IsNoProblem() =>
        new PrPreviewApp().Validate(new ConfigurationBuilder().Build()).ShouldBeEmpty();

    [Fact]
    public void Validate_OnlyTheDomain_NamesEverythingThatIsMissing() => Problems(new() { ["PrPreview:Domain"] = "preview.example.com" })
        .Select(problem => problem.Split(' ')[0]).ShouldBe(["PrPreview:Image", "PrPreview:ChartRepository", "PrPreview:ChartVersion"]);

    [Theory]
    [InlineData("Domain", "Preview.Example.com")]
    [InlineData("Domain", "localhost")]
    [InlineData("Domain", "a..b")]
    [InlineData("Image", "harbor.example.com/{app}:latest")]
    [InlineData("Image", "UPPER/{app}")]
    [InlineData("ChartRepository", "oci://harbor.example.com/charts")]
    [InlineData("ChartVersion", "^1.2")]
    [InlineData("ChartVersion", "latest")]
    [InlineData("ValuesFile", "../values.yaml")]
    [InlineData("ValuesFile", "/etc/passwd")]
    [InlineData("PullSecret", "preview-pull")]
    [InlineData("Memory", "lots")]
    [InlineData("MaxTotal", "0")]
    [InlineData("ImageTimeout", "60")]
    [InlineData("TimeToLive", "a week")]
    [InlineData("AllowForks", "maybe")]
    [InlineData("AllowedValues", "*")]
    [InlineData("Cluster", "http://kubernetes")]
    public void Validate_WrongValue_NamesKeyAndValue(string key, string value)
    {
        var problem = Problems(new(Sample.Settings) { [$"PrPreview:{key}"] = value }).ShouldHaveSingleItem();
        problem.ShouldStartWith($"PrPreview:{key} ");
        problem.ShouldContain($"'{value}'");
    }

    [Fact]
    public void Required_NothingConfigured_SaysWhereToRead() =>
        Should.Throw<PreviewConfigurationException>(() => PreviewOptions.Required(new ConfigurationBuilder().Build())).Message.ShouldContain("infra/docs/previews.md");

    private static List<string> Problems(Dictionary<string, string?> settings) =>
        [.. new PrPreviewApp().Validate(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())];
}
