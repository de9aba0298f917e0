using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;

namespace Ebb.ImageMirror.Tests.Lists;

public sealed class SelectionTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly MirrorImage[] List =
    [
        new() { Source = "docker.io/library/alpine", Tags = ["3.20", "3.21"] },
        new() { Source = $"docker.io/library/golang@{Digest}", Tags = ["1.22-alpine"], Platforms = ["linux/amd64"], Referrers = true },
        new() { Source = "ghcr.io/cloudnative-pg/postgresql", Semver = ">=15 <18", Newest = 3 },
        new() { Source = "ghcr.io/special/postgresql", Tags = ["16.9"] },
        new() { Source = "cgr.dev/chainguard/nginx", Name = "nginx-chainguard", Regex = "latest|[0-9].*" },
    ];

    [Fact]
    public void Of_Nothing_IsTheWholeList() => Select(null, out _).ShouldBe(List);

    [Fact]
    public void Of_ANameAlone_IsAllThatItsEntriesGive() =>
        Select([new() { Name = "postgresql" }], out _).ShouldBe([List[2], List[3]]);

    [Fact]
    public void Of_Tags_KeepsEverythingElseOfTheEntry()
    {
        var image = Select([new() { Name = "golang", Tags = ["1.22-alpine"] }], out _).ShouldHaveSingleItem();

        image.Tags.ShouldBe(["1.22-alpine"]);
        (image.Source, image.Platforms, image.Referrers).ShouldBe((List[1].Source, List[1].Platforms, true));
    }

    [Fact]
    public void Of_TagsThatMatch_AreAllowedHoweverOld()
    {
        var images = Select([new() { Name = "postgresql", Tags = ["15.0", "16.9", "17.1"] }, new() { Name = "nginx-chainguard", Tags = ["latest"] }], out _);

        images.Select(image => (image.Source, string.Join(',', image.Tags!), image.Semver, image.Regex, image.Newest)).ShouldBe(
        [
            ("ghcr.io/cloudnative-pg/postgresql", "15.0,17.1", null, null, null),
            ("ghcr.io/special/postgresql", "16.9", null, null, null),
            ("cgr.dev/chainguard/nginx", "latest", null, null, null),
        ]);
    }

    [Fact]
    public void Of_WhatIsNotApproved_NamesAllOfItAndTheList()
    {
        Select([new() { Name = "alpin" }, new() { Name = "alpine", Tags = ["3.19", "3.20"] }, new() { Name = "postgresql", Tags = ["18.0", "15.0-beta1"] }, new() { Name = "library/alpine" }], out var problems);

        const string Remedy = "Images are approved in the list, /etc/ebb/images.yaml (ImageMirror:ImagesFile): add";
        problems.ShouldBe(
        [
            $"images[0].name: 'alpin' is not approved; did you mean 'alpine'? {Remedy} an entry there, under images",
            $"images[1].tags[0]: 'alpine:3.19' is not approved; approved is 3.20, 3.21. {Remedy} the tag there, under images",
            $"images[2].tags[0]: 'postgresql:18.0' is not approved; approved is 16.9, semver '>=15 <18'. {Remedy} the tag there, under images",
            $"images[2].tags[1]: 'postgresql:15.0-beta1' is not approved; approved is 16.9, semver '>=15 <18'. {Remedy} the tag there, under images",
            $"images[3].name: 'library/alpine' is not approved. {Remedy} an entry there, under images",
        ]);
    }

    private static IReadOnlyList<MirrorImage> Select(IReadOnlyList<ImageSelection>? asked, out IReadOnlyList<string> messages)
    {
        var problems = new ListProblems();
        var images = new Selection(new ImageList(null, List), "/etc/ebb/images.yaml", problems).Of(asked);
        messages = problems.Messages;
        return images;
    }
}
