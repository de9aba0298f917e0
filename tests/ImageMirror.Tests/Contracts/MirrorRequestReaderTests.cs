using System.Text.Json;
using Ebb.Contracts;
using Ebb.Contracts.Images;

namespace Ebb.ImageMirror.Tests.Contracts;

public sealed class MirrorRequestReaderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"images\":null}")]
    public void Read_NothingAsked_MeansTheConfiguredList(string? json)
    {
        var request = Read(json, out var problems);

        problems.ShouldBeEmpty();
        request.ShouldBe(new MirrorRequest());
    }

    [Fact]
    public void Read_Images_SurvivesTheQueue()
    {
        var request = Read("""{"images":[{"name":"alpine","tags":["3.21"]},{"name":"base/nginx"}],"dryRun":true}""", out _);

        var again = Read(JsonSerializer.Serialize(request, ContractsJson.Default.MirrorRequest), out var problems);

        problems.ShouldBeEmpty();
        again.ShouldNotBeNull();
        again.DryRun.ShouldBeTrue();
        again.Images!.Select(image => image.Name).ShouldBe(["alpine", "base/nginx"]);
        again.Images![0].Tags.ShouldBe(["3.21"]);
        again.Images![1].Tags.ShouldBeNull();
    }

    [Fact]
    public void Read_ImagesOutsideTheList_SurviveTheQueue()
    {
        var request = Read("""{"adhoc":[{"source":"quay.io/team/tool","tags":["1.2"]}]}""", out _);

        var again = Read(JsonSerializer.Serialize(request, ContractsJson.Default.MirrorRequest), out var problems);

        problems.ShouldBeEmpty();
        again!.Images.ShouldBeNull();
        var image = again.Adhoc.ShouldHaveSingleItem();
        (image.Source, image.Tags.ShouldHaveSingleItem()).ShouldBe(("quay.io/team/tool", "1.2"));
    }

    [Fact]
    public void Read_AnImageAsTheListWritesIt_IsSentToTheList()
    {
        Read("""{"images":[{"source":"docker.io/evil/x","name":"alpine","tags":["3.20"]},{"name":"nginx","semver":"*","platforms":["linux/amd64"]}]}""", out var problems).ShouldBeNull();

        problems.ShouldBe([
            "images[0].source: a request cannot say 'source': images are approved in the list (ImageMirror:ImagesFile). Write it into an entry there, and ask for that by name and tags",
            "images[1].semver: a request cannot say 'semver': images are approved in the list (ImageMirror:ImagesFile). Write it into an entry there, and ask for that by name and tags",
            "images[1].platforms: a request cannot say 'platforms': images are approved in the list (ImageMirror:ImagesFile). Write it into an entry there, and ask for that by name and tags",
        ]);
    }

    [Fact]
    public void Read_EveryMistake_IsReportedWithItsPath()
    {
        Read("""
            {"images":[
              {"name":"alpine","tags":[3.21]},
              {"name":7,"tags":["a"],"nam":1},
              {"tags":["a"],"tags":["b"]},
              {"name":"../x","tags":["-","sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig"]},
              {"name":"alpine","tags":["a","a"]},
              "alpine"],
             "adhoc":[{"source":"quay.io/a:1"},{"source":"quay.io/b","tags":[],"name":"alpine"}],
             "target":"evil.example.com/x","dryrun":true}
            """, out var problems).ShouldBeNull();

        problems.ShouldBe([
            "target: the target is the configured one and cannot be asked for",
            "dryrun: unknown key 'dryrun'; did you mean 'dryRun'?",
            "images[5]: an image is an object, as in {\"images\":[{\"name\":\"alpine\",\"tags\":[\"3.21\"]}]}",
            "images[0].tags[0]: each of 'tags' must be a string in quotes",
            "images[1].nam: unknown key 'nam'; did you mean 'name'?",
            "images[1].name: 'name' must be a string",
            "images[2].tags: key 'tags' is there twice; keep one",
            "images[2]: the key name is missing; it is the image's name under the target, as in the list",
            "images[3].tags[0]: tag '-' is not valid; a tag has at most 128 letters, digits, and _ . - but begins with neither . nor -",
            "images[3].tags[1]: tag 'sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig' belongs to signatures; set referrers: true to copy them",
            "images[3].name: name '../x' must be a repository name in lower case such as nginx-chainguard",
            "images[4].tags[1]: tag 'a' is there twice; keep one",
            "images[4].name: 'alpine' is asked for twice; keep one, with all its tags",
            "adhoc[0]: an image outside the list needs both, source and tags",
            "adhoc[1].name: unknown key 'name'; known are source, tags",
            "adhoc[1].tags: tags must list 1 to 200 tags",
            "adhoc: images and adhoc exclude each other; send two requests",
        ]);
    }

    [Theory]
    [InlineData("{\"images\":[", "request: no valid JSON at line 1, byte 12", true)]
    [InlineData("[]", "request: must be an object such as {\"images\":[{\"name\":\"alpine\",\"tags\":[\"3.21\"]}]}", false)]
    [InlineData("{\"images\":[]}", "images: images must be a list of 1 to 1000 images", false)]
    [InlineData("{\"dryRun\":\"true\"}", "dryRun: 'dryRun' must be true or false", false)]
    [InlineData("{\"images\":[{\"name\":\"\\ud800\"}]}", "request: a string in it is no valid Unicode text", true)]
    public void Read_WrongForm_SaysWhat(string json, string problem, bool malformed)
    {
        var problems = new ListProblems();

        MirrorRequestReader.Read(json, problems).ShouldBeNull();

        problems.Messages.ShouldBe([problem]);
        problems.IsMalformed.ShouldBe(malformed);
    }

    [Fact]
    public void Read_HostileNames_AreRefusedAndShownShort()
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["images"] = new[]
            {
                new { name = new string('a', 300), tags = new[] { new string('t', 129), "a\u001b[31m" } },
            },
        });

        Read(json, out var problems).ShouldBeNull();

        problems.Count.ShouldBe(3);
        problems[2].ShouldEndWith("…' must be a repository name in lower case such as nginx-chainguard");
        problems.ShouldAllBe(problem => problem.Length < 250 && !problem.Any(char.IsControl));
    }

    [Fact]
    public void Read_ThousandMistakes_KeepsTheAnswerShort()
    {
        Read("{" + string.Join(",", Enumerable.Range(0, 1000).Select(i => $"\"k{i}\":1")) + "}", out var problems).ShouldBeNull();

        problems.Count.ShouldBe(101);
        problems[^1].ShouldBe("and 900 more problems");
    }

    private static MirrorRequest? Read(string? json, out IReadOnlyList<string> messages)
    {
        var problems = new ListProblems();
        var request = MirrorRequestReader.Read(json, problems);
        messages = problems.Messages;
        return request;
    }
}
