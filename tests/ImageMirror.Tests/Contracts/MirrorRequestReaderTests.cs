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
        var request = Read("""{"images":[{"source":"docker.io/library/alpine","tags":["3.21"],"platforms":["linux/amd64"]}],"dryRun":true}""", out _);

        var again = Read(JsonSerializer.Serialize(request, ContractsJson.Default.MirrorRequest), out var problems);

        problems.ShouldBeEmpty();
        again.ShouldNotBeNull();
        again.DryRun.ShouldBeTrue();
        var image = again.Images.ShouldHaveSingleItem();
        image.Tags.ShouldBe(["3.21"]);
        image.Platforms.ShouldBe(["linux/amd64"]);
    }

    [Fact]
    public void Read_EveryMistake_IsReportedWithItsPath()
    {
        Read("""
            {"images":[
              {"source":"docker.io/library/alpine","tags":[3.21]},
              {"source":7,"tags":["a"],"sorce":1},
              {"source":"docker.io/library/a","tags":["a"],"tags":["b"],"newest":"3"}],
             "target":"evil.example.com/x","dryrun":true}
            """, out var problems).ShouldBeNull();

        problems.ShouldBe([
            "target: the target is the configured one and cannot be asked for",
            "dryrun: unknown key 'dryrun'; did you mean 'dryRun'?",
            "images[0].tags[0]: each of 'tags' must be a string in quotes",
            "images[1].sorce: unknown key 'sorce'; did you mean 'source'?",
            "images[1].source: 'source' must be a string",
            "images[2].tags: key 'tags' is there twice; keep one",
            "images[2].newest: newest goes with semver or regex",
            "images[2].newest: 'newest' must be a whole number from 1 to 100",
        ]);
    }

    [Theory]
    [InlineData("{\"images\":[", "request: no valid JSON at line 1, byte 12")]
    [InlineData("[]", "request: must be an object such as {\"images\":[{\"source\":\"docker.io/library/alpine\",\"tags\":[\"3.21\"]}]}")]
    [InlineData("{\"images\":[]}", "images: images must be a list of 1 to 1000 entries, each with a source")]
    [InlineData("{\"dryRun\":\"true\"}", "dryRun: 'dryRun' must be true or false")]
    [InlineData("{\"images\":[{\"source\":\"\\ud800\"}]}", "request: a string in it is no valid Unicode text")]
    public void Read_WrongForm_SaysWhat(string json, string problem)
    {
        Read(json, out var problems).ShouldBeNull();

        problems.ShouldBe([problem]);
    }

    [Fact]
    public void Read_HostileNames_AreRefusedAndShownShort()
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["images"] = new[]
            {
                new { source = "docker.io/" + new string('a', 300), tags = new[] { new string('t', 129), "a\u001b[31m" } },
            },
        });

        Read(json, out var problems).ShouldBeNull();

        problems.Count.ShouldBe(3);
        problems[0].ShouldEndWith("…': registry and repository together have at most 255 characters");
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
