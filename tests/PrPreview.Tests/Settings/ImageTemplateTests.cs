using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.Tests.Settings;

/// <summary>Where a preview's image comes from: the operator's template decides, and a repository's name fills no more than its place in it.</summary>
public sealed class ImageTemplateTests
{
    [Theory]
    [InlineData("harbor.example.com/{owner}/{app}", "acme/shop", "harbor.example.com/acme/shop")]
    [InlineData("harbor.example.com/{owner}/{app}", "Acme/Sub/Shop", "harbor.example.com/acme/sub/shop")]
    [InlineData("harbor.example.com:8443/apps/{repository}-{app}", "acme/web", "harbor.example.com:8443/apps/web-shop")]
    public void Image_OfARepository_IsWhereTheTemplateSays(string template, string repository, string image)
    {
        TryFor(template, repository, out var found, out _).ShouldBeTrue();
        found.ShouldBe($"{image}:{Sample.Sha}");
    }

    [Theory]
    [InlineData("harbor.example.com/{owner}/{app}", "{repository}/library")]
    [InlineData("harbor.example.com/{owner}/{app}", "{app}/x")]
    [InlineData("harbor.example.com/{owner}/{app}", "acme@sha256/shop")]
    [InlineData("harbor.example.com/{owner}/{app}", "a b/shop")]
    [InlineData("{owner}.example.com/{app}", "evil/shop")]
    public void Image_RepositoryIsCalledLikeSomethingElse_HasNone(string template, string repository)
    {
        TryFor(template, repository, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeEmpty();
    }

    private static bool TryFor(string template, string repository, out string image, out string problem)
    {
        var found = Sample.Options(("Image", template)).Image.TryFor(
            new GitRepository { Id = "42", FullName = repository }, AppName.Parse("shop"), CommitSha.Parse(Sample.Sha), out var reference, out problem);
        image = found ? reference.ToString() : "";
        return found;
    }
}
