using Ebb.PrPreview.Rendering;
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
    [InlineData("Repositories", "acme")]
    [InlineData("Repositories", "*/shop")]
    [InlineData("Repositories", "acme/sh*p")]
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

    // apimachinery, resource.Quantity: the largest suffix that leaves a whole number.
    [Theory]
    [InlineData("1000m", "512Mi", "1", "512Mi")]
    [InlineData("1500m", "1024Mi", "1500m", "1Gi")]
    [InlineData("2000", "1048576Gi", "2k", "1Pi")]
    public void Quantity_AsAPersonWritesIt_IsAsTheApiServerWritesIt(string cpu, string memory, string canonicalCpu, string canonicalMemory)
    {
        var options = PreviewOptions.Required(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(Sample.Settings) { ["PrPreview:Cpu"] = cpu, ["PrPreview:Memory"] = memory }).Build());

        (options.Environment.Cpu, options.Environment.Memory).ShouldBe((canonicalCpu, canonicalMemory));
        NamespaceObjects.QuotaSpec(options.Environment).Hard["limits.memory"].ToString().ShouldBe(canonicalMemory);
    }

    [Theory]
    [InlineData("HarborRobot:Project", "Acme")]
    [InlineData("HarborRobot:Project", "42")]
    [InlineData("HarborRobot:Username", "a:b")]
    [InlineData("HarborRobot:PasswordFile", "password")]
    [InlineData("HarborRobot:Days", "0")]
    public void Validate_WrongRobot_NamesKeyAndValue(string key, string value)
    {
        var problem = Problems(new(WithRobots) { [$"PrPreview:{key}"] = value }).ShouldHaveSingleItem();
        problem.ShouldStartWith($"PrPreview:{key} ");
        problem.ShouldContain($"'{value}'");
    }

    [Fact]
    public void Validate_Robot_NeedsAnAccountAndNoCopyBeside()
    {
        Problems(WithRobots).ShouldBeEmpty();
        // Manifests are planned where the pod's files are not.
        Problems(new(WithRobots) { ["PrPreview:HarborRobot:CaFile"] = "/run/secrets/nowhere/ca.pem" }).ShouldBeEmpty();
        Problems(new(Sample.Settings) { ["PrPreview:HarborRobot:Project"] = "acme" }).Select(problem => problem.Split(' ')[0])
            .ShouldBe(["PrPreview:PullSecret", "PrPreview:HarborRobot:Username", "PrPreview:HarborRobot:PasswordFile"]);
    }

    [Fact]
    public void Needs_Robot_MountsTheMakersPasswordApart()
    {
        var with = ClusterNeeds.Of(new ConfigurationBuilder().AddInMemoryCollection(WithRobots).Build());
        with.Secrets.ShouldContain(secret => secret.Secret == "ebb-harbor-robots" && !secret.Optional);
        with.Settings["PrPreview:HarborRobot:PasswordFile"].ShouldBe("/run/secrets/ebb/harbor-robots/password");
        ClusterNeeds.Of(new ConfigurationBuilder().AddInMemoryCollection(Sample.Settings).Build()).Secrets.ShouldNotContain(secret => secret.Secret == "ebb-harbor-robots");
    }

    private static Dictionary<string, string?> WithRobots { get; } = new(Sample.Settings)
    {
        ["PrPreview:PullSecret"] = null,
        ["PrPreview:HarborRobot:Project"] = "acme",
        ["PrPreview:HarborRobot:Username"] = "robot-maker",
        ["PrPreview:HarborRobot:PasswordFile"] = "/run/secrets/password",
    };

    [Fact]
    public void Required_NothingConfigured_SaysWhereToRead() =>
        Should.Throw<PreviewConfigurationException>(() => PreviewOptions.Required(new ConfigurationBuilder().Build())).Message.ShouldContain("infra/docs/previews.md");

    private static List<string> Problems(Dictionary<string, string?> settings) =>
        [.. new PrPreviewApp().Validate(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())];
}
