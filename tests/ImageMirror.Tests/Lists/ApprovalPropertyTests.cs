using System.Text.Json.Nodes;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Adhoc;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;

namespace Ebb.ImageMirror.Tests.Lists;

/// <summary>Whatever a message says: what is to be signed by the platform's key is what the list allows, and nothing else goes where that is.</summary>
public sealed class ApprovalPropertyTests : IDisposable
{
    private static readonly string[] Names = ["alpine", "postgresql", "nginx", "tool", "adhoc", "adhoc/quay.io/team/tool", "../alpine", "ALPINE", "alpine ", "library/alpine", "x"];
    private static readonly string[] Tags = ["3.20", "3.21", "9.99", "15.1", "17.2", "18.0", "16.0-rc1", "latest", "1.2.3", "", "-", "sha256-" + new string('a', 64) + ".sig"];
    private static readonly string[] Sources =
        ["docker.io/library/alpine", "docker.io/evil/x", "quay.io/team/tool", "quay.io/team/adhoc/alpine", "quay.io/other/x", "127.0.0.1:5000/team/x", "localhost/team/x", "quay.io/team/tool@sha256:" + new string('a', 64)];

    private static readonly string[] Keys = ["name", "tags", "source", "semver", "regex", "newest", "platforms", "referrers", "Name", "target"];

    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyMessage_GivesApprovedImagesOrImagesInTheirOwnPlace(int seed)
    {
        await File.WriteAllTextAsync(
            _file,
            """
            target: harbor.example.com/library
            images:
              - { source: docker.io/library/alpine, tags: ["3.20", "3.21"], platforms: [linux/amd64] }
              - { source: ghcr.io/cloudnative-pg/postgresql, semver: ">=15 <18" }
              - { source: cgr.dev/chainguard/nginx, regex: "latest|1[.].*" }
            """,
            TestContext.Current.CancellationToken);
        AdhocSource.TryParse("quay.io/team/*", out var rule, out _).ShouldBeTrue();
        var reader = new OrderReader(new MirrorOptions { ImagesFile = _file, Adhoc = new AdhocOptions { Sources = [rule] } });
        var random = new Random(seed);
        var (approved, adhoc) = (0, 0);
        for (var i = 0; i < 4000; i++)
        {
            var message = Message(random).ToJsonString();
            var problems = new ListProblems();
            if (MirrorRequestReader.Read(message, problems) is not { } request
                || await reader.ReadAsync(request, problems, TestContext.Current.CancellationToken) is not { } order)
            {
                problems.Messages.ShouldNotBeEmpty(message);
                continue;
            }

            order.Target.ShouldBe("harbor.example.com/library", message);
            foreach (var image in order.Images)
            {
                if (order.Adhoc is null)
                {
                    approved++;
                    IsApproved(image.Source, image.TargetName, image.Tags, image.Semver, image.Regex).ShouldBeTrue($"{message} gave {image}");
                    (image.Platforms is ["linux/amd64"]).ShouldBe(image.TargetName == "alpine", message);
                }
                else
                {
                    adhoc++;
                    image.Source.ShouldStartWith("quay.io/team/", Case.Sensitive, message);
                    image.TargetName.ShouldStartWith("adhoc/quay.io/team/", Case.Sensitive, message);
                }
            }
        }

        approved.ShouldBeGreaterThan(100);
        adhoc.ShouldBeGreaterThan(50);
    }

    public void Dispose() => File.Delete(_file);

    // Written out by hand from the list above, not by the code that reads it.
    private static bool IsApproved(string source, string name, IReadOnlyList<string>? tags, string? semver, string? regex) => (source, name) switch
    {
        ("docker.io/library/alpine", "alpine") => tags!.All(tag => tag is "3.20" or "3.21"),
        ("ghcr.io/cloudnative-pg/postgresql", "postgresql") => tags?.All(tag => tag is "15.1" or "17.2") ?? semver == ">=15 <18",
        ("cgr.dev/chainguard/nginx", "nginx") => tags?.All(tag => tag is "latest" or "1.2.3") ?? regex == "latest|1[.].*",
        _ => false,
    };

    private static JsonObject Message(Random random)
    {
        var message = new JsonObject();
        if (random.Next(10) < 6)
        {
            message["images"] = Images(random, ["name", "tags"]);
        }

        if (random.Next(10) < 4)
        {
            message["adhoc"] = Images(random, ["source", "tags"]);
        }

        if (random.Next(20) == 0)
        {
            message[random.Next(2) == 0 ? "target" : "source"] = "evil.example.com/x";
        }

        return message;
    }

    private static JsonArray Images(Random random, string[] usual)
    {
        var images = new JsonArray();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var image = new JsonObject();
            foreach (var key in usual.Where(_ => random.Next(8) > 0).Concat(random.Next(8) == 0 ? [Keys[random.Next(Keys.Length)]] : []))
            {
                image[key] = key switch
                {
                    "tags" => new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (JsonNode)Pick(random, Tags))]),
                    "source" or "target" => Pick(random, Sources),
                    "newest" => 3,
                    "referrers" => true,
                    "platforms" => new JsonArray("linux/arm64"),
                    "semver" or "regex" => "*",
                    _ => Pick(random, Names),
                };
            }

            images.Add(image);
        }

        return images;
    }

    // The first of each are the ones that may be right: without many of those nothing would be let through and tried.
    private static string Pick(Random random, string[] all) => all[random.Next(3) > 0 ? random.Next(Math.Min(6, all.Length)) : random.Next(all.Length)];
}
