using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;

namespace Ebb.ImageMirror.Tests.Lists;

public sealed class ImagesFileTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Read_TheDocumentedForm_GivesEveryEntry()
    {
        var list = Read($$"""
            target: harbor.example.com/library
            images:
              - source: docker.io/library/alpine
                tags: ["3.20", 3.21]
              - source: cgr.dev/chainguard/nginx
                name: nginx-chainguard               # repository name under target
                tags: [latest]
              - source: ghcr.io/cloudnative-pg/postgresql
                name: postgresql
                semver: ">=15 <18"
                newest: 3
                platforms: [linux/amd64, linux/arm64]
                referrers: true
              - source: docker.io/library/golang@{{Digest}}
                tags: ["1.22-alpine"]
            """, out var problems);

        problems.ShouldBeEmpty();
        list.ShouldNotBeNull();
        list.Target.ShouldBe("harbor.example.com/library");
        list.Images.Count.ShouldBe(4);
        list.Images[0].Tags.ShouldBe(["3.20", "3.21"]);
        list.Images[1].Name.ShouldBe("nginx-chainguard");
        list.Images[2].ShouldSatisfyAllConditions(
            image => image.Semver.ShouldBe(">=15 <18"),
            image => image.Newest.ShouldBe(3),
            image => image.Platforms.ShouldBe(["linux/amd64", "linux/arm64"]),
            image => image.Referrers.ShouldBeTrue());
        list.Images[3].Source.ShouldBe($"docker.io/library/golang@{Digest}");
    }

    [Fact]
    public void Read_ManyMistakes_ReportsAllWithTheirLines()
    {
        Read("""
            target: library
            imges: []
            images:
              - source: docker.io/library/alpine:3.20
                tags: ["3.20"]
              - surce: docker.io/library/alpine
                tags: ["-x"]
              - source: ../../x
                tags: [a]
                semver: ">=1 <<2"
              - source: docker.io/UPPER/case
                regex: "("
                newest: 0
              - source: docker.io/library/busybox
                name: Bad/../Name
                platforms: [linux]
                tags: [sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig]
                referrers: maybe
                tags: [x]
              - docker.io/library/alpine
              - source: docker.io/library/nothing
            """, out var problems).ShouldBeNull();

        problems.ShouldBe([
            "images.yaml:2: unknown key 'imges'; did you mean 'images'?",
            "images.yaml:1: target 'library' must be a registry and path such as harbor.example.com/library",
            "images.yaml:4: source 'docker.io/library/alpine:3.20': a source has no tag; name it under tags",
            "images.yaml:6: unknown key 'surce'; did you mean 'source'?",
            "images.yaml:6: the key source is missing; it names the upstream repository",
            "images.yaml:7: tag '-x' is not valid; a tag has at most 128 letters, digits, and _ . - but begins with neither . nor -",
            "images.yaml:8: source '../../x': a source looks like docker.io/library/alpine",
            "images.yaml:10: tags and semver exclude each other; keep one",
            "images.yaml:10: semver '>=1 <<2': '<<2' is no comparison such as >=15, <18, ^1.2, ~1.2.3, 1.x or 1.2 - 1.4",
            "images.yaml:11: source 'docker.io/UPPER/case': a repository is written in lower case",
            "images.yaml:12: regex '(': Invalid pattern '(' at offset 1. Not enough )'s.",
            "images.yaml:13: 'newest' must be a whole number from 1 to 100",
            "images.yaml:19: key 'tags' is there twice; keep one",
            "images.yaml:15: name 'Bad/../Name' must be a repository name in lower case such as nginx-chainguard",
            "images.yaml:17: tag 'sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig' belongs to signatures; set referrers: true to copy them",
            "images.yaml:16: platform 'linux' must look like linux/amd64 or linux/arm64/v8",
            "images.yaml:18: 'referrers' must be true or false",
            "images.yaml:20: an image is written with keys, such as source: docker.io/library/alpine",
            "images.yaml:21: one of tags, semver or regex must say what to mirror",
        ]);
    }

    [Theory]
    [InlineData("", "images.yaml: the file is empty; it must hold the keys target and images")]
    [InlineData("# nothing\n", "images.yaml: the file is empty; it must hold the keys target and images")]
    [InlineData("- a\n- b\n", "images.yaml:1: the file must hold the keys target and images")]
    [InlineData("target: a.b/c\n", "images.yaml:1: the key images is missing; it lists what to mirror")]
    [InlineData("target: a.b/c\nimages: []\n", "images.yaml:2: images must be a list of 1 to 1000 entries, each with a source")]
    [InlineData("target: a.b/c\nimages:\n\t- source: x\n", "images.yaml:3: the line is indented with a tab; YAML takes spaces only")]
    [InlineData("images: &a\n  - *a\n", "images.yaml:1: anchors and aliases are not supported; write the value out")]
    [InlineData("images: !!binary aGk=\n", "images.yaml:1: explicit types such as !!str are not supported; put text in quotes")]
    [InlineData("images: [{source: docker.io/library/a, tags: [x]}]\n---\nimages: []\n", "images.yaml:2: a second document begins here; a list is one document")]
    [InlineData("images: [{? [a] : b}]\n", "images.yaml:1: a key must be a single word")]
    [InlineData("images: [{source: docker.io/library/a, tags: x}]", "images.yaml:1: 'tags' must be a list such as [\"3.20\", \"3.21\"]")]
    [InlineData("images: [{source: docker.io/library/a, tags: [~]}]", "images.yaml:1: each of 'tags' must be a string in quotes")]
    [InlineData("images: [{source: docker.io/library/a, tags: []}]", "images.yaml:1: tags must list 1 to 200 tags")]
    [InlineData("images: [{source: docker.io/library/a, tags: [x], newest: 2}]", "images.yaml:1: newest goes with semver or regex")]
    public void Read_WrongForm_SaysWhatAndWhere(string yaml, string problem)
    {
        Read(yaml, out var problems).ShouldBeNull();

        problems.ShouldBe([problem]);
    }

    [Fact]
    public void Read_BrokenYaml_NamesTheLine()
    {
        Read("target: a.b/c\nimages: [\n", out var problems).ShouldBeNull();

        problems.ShouldHaveSingleItem().ShouldStartWith("images.yaml:3: no valid YAML: ");
    }

    [Fact]
    public void Read_DeepNesting_IsRefused()
    {
        Read("images: " + new string('[', 5000), out var problems).ShouldBeNull();

        problems.ShouldHaveSingleItem().ShouldStartWith("images.yaml:1: nested more than");
    }

    [Fact]
    public void Read_TwoEntriesWithTheSameTarget_NamesBoth()
    {
        Read("""
            images:
              - source: docker.io/library/nginx
                tags: [latest]
              - source: cgr.dev/chainguard/nginx
                tags: [latest]
            """, out var problems).ShouldBeNull();

        problems.ShouldBe(["images.yaml:5: 'nginx:latest' is written by the entry at images.yaml:3 too; give one of them another name"]);
    }

    [Theory]
    [InlineData("semver: '*'")]
    [InlineData("regex: '.*'")]
    public void Read_ApprovedDigestWithAChoiceOfTags_IsRefused(string choice)
    {
        Read($"images: [{{source: docker.io/library/golang@{Digest}, {choice}}}]", out var problems).ShouldBeNull();

        problems.ShouldBe(["images.yaml:1: a source approved by digest goes with tags, not with semver or regex"]);
    }

    [Theory]
    [InlineData("{source: docker.io/library/alpine, name: adhoc, tags: [\"1\"]}", "adhoc")]
    [InlineData("{source: docker.io/library/alpine, name: adhoc/quay.io/team/tool, tags: [\"1\"]}", "adhoc/quay.io/team/tool")]
    [InlineData("{source: docker.io/team/adhoc, tags: [\"1\"]}", "adhoc")]
    public void Read_NameWhereImagesOutsideTheListGo_IsRefused(string entry, string name)
    {
        Read($"images: [{entry}]", out _).ShouldNotBeNull();
        Read($"images: [{entry}]", out var problems, reserved: "adhoc").ShouldBeNull();

        problems.ShouldBe([$"images.yaml:1: name '{name}' lies in 'adhoc', where images outside the list go (ImageMirror:Adhoc:Path); give the entry another name"]);
    }

    [Fact]
    public void Read_NameThatOnlyBeginsAsThatPath_IsTaken() =>
        Read("images: [{source: docker.io/library/alpine, name: adhoc-tools/x, tags: [\"1\"]}]", out _, reserved: "adhoc").ShouldNotBeNull();

    [Fact]
    public async Task ReadAsync_NoFile_SaysWhatToDo()
    {
        var problems = new ListProblems();

        (await ImagesFile.ReadAsync(new MirrorOptions { ImagesFile = "/nowhere/images.yaml" }, problems, TestContext.Current.CancellationToken)).ShouldBeNull();

        problems.Messages.ShouldBe(["/nowhere/images.yaml: the images file does not exist; create it or set ImageMirror:ImagesFile to where it is"]);
    }

    [Fact]
    public async Task ReadAsync_TooLongOrNotText_IsRefused()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllBytesAsync(path, new byte[ImagesFile.MaxBytes + 1]);
            (await ProblemsOf(path)).ShouldBe([$"{path}: an images file has at most 1048576 bytes"]);
            await File.WriteAllBytesAsync(path, [0xff, 0xfe, 0xfd]);
            (await ProblemsOf(path)).ShouldBe([$"{path}: the images file is not UTF-8 text"]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task ReadAsync_ByteOrderMark_IsNoPartOfTheFirstKey()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllTextAsync(path, "\uFEFFtarget: harbor.test/library\nimages:\n  - source: docker.io/library/alpine\n    tags: [\"3.20\"]\n");
            var problems = new ListProblems();

            (await ImagesFile.ReadAsync(new MirrorOptions { ImagesFile = path }, problems, TestContext.Current.CancellationToken)).ShouldNotBeNull(string.Join('\n', problems.Messages));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<IReadOnlyList<string>> ProblemsOf(string path)
    {
        var problems = new ListProblems();
        (await ImagesFile.ReadAsync(new MirrorOptions { ImagesFile = path }, problems, TestContext.Current.CancellationToken)).ShouldBeNull();
        return problems.Messages;
    }

    private static ImageList? Read(string yaml, out IReadOnlyList<string> messages, string? reserved = null)
    {
        var problems = new ListProblems();
        var list = ImagesFile.Parse(yaml, "images.yaml", reserved, problems);
        messages = problems.Messages;
        return list;
    }
}
