using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Adhoc;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Tests.Adhoc;

public sealed class AdhocOptionsTests
{
    [Fact]
    public void From_NoSection_AllowsNothing()
    {
        From([], out var problems).ShouldBeNull();

        problems.ShouldBeEmpty();
    }

    [Fact]
    public void From_EveryMistake_IsNamed()
    {
        From(
            new()
            {
                ["ImageMirror:Adhoc:Path"] = "../library",
                ["ImageMirror:Adhoc:Sources:0:Pattern"] = "*.io/x",
                ["ImageMirror:Adhoc:Sources:1:Credentials"] = "yes",
                ["ImageMirror:Adhoc:Sources:2:Pattern"] = "169.254.169.254/latest/*",
            },
            out var problems)!.Sources.ShouldBeEmpty();

        problems.Select(problem => problem.Split(' ')[0]).ShouldBe(
            ["ImageMirror:Adhoc:Path", "ImageMirror:Adhoc:Sources:0:Pattern", "ImageMirror:Adhoc:Sources:1:Credentials", "ImageMirror:Adhoc:Sources:1:Pattern", "ImageMirror:Adhoc:Sources:2:Pattern"],
            ignoreOrder: true);
    }

    [Fact]
    public void From_PathWithoutSources_IsNamed()
    {
        From(new() { ["ImageMirror:Adhoc:Path"] = "adhoc" }, out var problems);

        problems.ShouldHaveSingleItem().ShouldStartWith("ImageMirror:Adhoc:Sources is missing");
    }

    [Fact]
    public void Choose_SourcesOfTwoHosts_GoToPlacesOfTheirOwn()
    {
        var options = From(
            new() { ["ImageMirror:Adhoc:Sources:0:Pattern"] = "quay.io/team/*", ["ImageMirror:Adhoc:Sources:1:Pattern"] = "Registry.example.com:5000/team/*" },
            out _)!;
        var problems = new ListProblems();

        var images = options.Choose([Image("quay.io/team/tool"), Image("registry.example.com:5000/team/tool"), Image("docker.io/evil/x")], "images.yaml", problems);

        images.Select(image => image.TargetName).ShouldBe(["adhoc/quay.io/team/tool", "adhoc/registry.example.com_5000/team/tool"]);
        problems.Messages.ShouldBe(
            ["adhoc[2].source: 'docker.io/evil/x' is none of the sources that ImageMirror:Adhoc:Sources allows (quay.io/team/*, Registry.example.com:5000/team/*). "
                + "Have it added there, or the image approved in the list, images.yaml (ImageMirror:ImagesFile)"]);
    }

    private static AdhocImage Image(string source) => new() { Source = source, Tags = ["1"] };

    private static AdhocOptions? From(Dictionary<string, string?> settings, out List<string> problems)
    {
        problems = [];
        return AdhocOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), problems);
    }
}
