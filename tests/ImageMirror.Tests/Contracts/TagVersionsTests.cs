using Ebb.Contracts.Images;
using Semver;

namespace Ebb.ImageMirror.Tests.Contracts;

public sealed class TagVersionsTests
{
    // Each row follows node-semver's documentation of ranges.
    [Theory]
    [InlineData(">=15 <18", "15 16.4 17 17.9.9 v15.0.0", "14.9 18 18.0.1 16.4-bookworm 17.0.0-rc.1")]
    [InlineData(">= 15 < 18", "15 17.2", "14 18")]
    [InlineData("^1.2", "1.2 1.2.9 1.99", "1.1 2 2.0.0-rc.1")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.1")]
    [InlineData("^0.x", "0.0.0 0.9", "1")]
    [InlineData("^0.0", "0.0.9", "0.1")]
    [InlineData("~1.2.3", "1.2.3 1.2.10", "1.3 1.2.2")]
    [InlineData("~1", "1.0 1.9", "2 0.9")]
    [InlineData("1.x", "1 1.9.9", "2 0.9")]
    [InlineData("1.2.*", "1.2 1.2.7", "1.3 1.1.9")]
    [InlineData("1.2", "1.2 1.2.7", "1.3")]
    [InlineData("=1.2.3", "1.2.3 v1.2.3", "1.2.4")]
    [InlineData("*", "0 1 99.1.2", "1.0.0-rc")]
    [InlineData("1.2 - 1.4", "1.2 1.3 1.4.9", "1.1.9 1.5")]
    [InlineData("1.2.3 - 2.0.0", "1.2.3 2", "2.0.1")]
    [InlineData("^1 || ^3", "1.5 3.0", "2 4")]
    [InlineData(">1", "2 2.1", "1 1.9")]
    [InlineData(">1.2.3", "1.2.4", "1.2.3")]
    [InlineData("<=1.2", "1.2.9 0.1", "1.3")]
    [InlineData(">=1.0.0-rc.1", "1.0.0-rc.1 1.0.0-rc.10 1.0.0 2", "1.0.0-beta 1.1.0-rc.1")]
    public void Contains_AsNpmDoes(string text, string inside, string outside)
    {
        TagVersions.TryParseRange(text, out var range, out var problem).ShouldBeTrue(problem);

        inside.Split(' ').Where(tag => !range!.Contains(Version(tag))).ShouldBeEmpty();
        outside.Split(' ').Where(tag => range!.Contains(Version(tag))).ShouldBeEmpty();
    }

    // What the code before the library said of every range and every tag.
    [Fact]
    public void Contains_EveryRangeAndTag_AsEver()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Contracts", "ranges.txt"));
        var tags = lines[0].Split(' ');
        foreach (var line in lines.Skip(1))
        {
            var text = line[..line.LastIndexOf(" = ", StringComparison.Ordinal)];
            TagVersions.TryParseRange(text, out var range, out var problem).ShouldBeTrue(problem);
            var inside = tags.Where(tag => TagVersions.TryParse(tag, out var version) && range!.Contains(version));
            $"{text} = {string.Join(' ', inside)}".ShouldBe(line);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData(">=15 <<18")]
    [InlineData("^1.2.3.4")]
    [InlineData("1.x.3")]
    [InlineData(">=1 ||")]
    [InlineData(">=")]
    [InlineData("1.2-rc")]
    [InlineData("1.2 - ")]
    [InlineData("9999999999999999999")]
    public void TryParseRange_NoRange_SaysWhatIsWrong(string text)
    {
        TagVersions.TryParseRange(text, out _, out var problem).ShouldBeFalse();

        problem.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("1.2.3.4")]
    [InlineData("v")]
    [InlineData("1..2")]
    [InlineData("1.2.3-")]
    [InlineData("1.22alpine")]
    [InlineData("20260109123456789012")]
    [InlineData("")]
    public void TryParse_NoVersion_IsNotRead(string tag) => TagVersions.TryParse(tag, out _).ShouldBeFalse();

    [Fact]
    public void Order_IsThatOfTheSpecification()
    {
        // Semantic Versioning 2.0.0, section 11.
        string[] ordered =
        [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
            "1.0.0", "1.0.1", "1.2", "1.10", "2",
        ];

        ordered.Reverse().OrderBy(Version, SemVersion.PrecedenceComparer).ShouldBe(ordered);
    }

    [Fact]
    public void TagOrder_DigitRuns_CountAsNumbers()
    {
        string[] ordered = ["1.9-alpine", "1.22-alpine", "1.22.1-alpine", "1.22.10-alpine", "2024-01-09", "2024-01-10", "a", "a1", "a02", "a10"];

        ordered.Reverse().Order(TagOrder.Instance).ShouldBe(ordered);
    }

    private static SemVersion Version(string tag)
    {
        TagVersions.TryParse(tag, out var version).ShouldBeTrue(tag);
        return version!;
    }
}
