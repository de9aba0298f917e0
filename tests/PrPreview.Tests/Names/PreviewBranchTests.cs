using Ebb.PrPreview.Names;

namespace Ebb.PrPreview.Tests.Names;

public sealed class PreviewBranchTests
{
    [Theory]
    [InlineData("preview/shop/new-basket", "shop")]
    [InlineData("preview/a/b", "a")]
    [InlineData("preview/shop-2/feature/with/slashes", "shop-2")]
    [InlineData("preview/shop/../../etc/passwd", "shop")]
    [InlineData("preview/shop/$(reboot)", "shop")]
    [InlineData("preview/shop/\"'`;|&", "shop")]
    [InlineData("preview/shop/ünïcødé-✓", "shop")]
    [InlineData("preview/shop/{{ .Release.Name }}", "shop")]
    public void TryRead_ApplicationIsAName_IsReadAndTheDescriptionGoesNowhere(string branch, string app)
    {
        PreviewBranch.TryRead(branch, out var read, out _).ShouldBeTrue();
        read.Value.ShouldBe(app);
    }

    [Theory]
    [InlineData("preview/")]
    [InlineData("preview/shop")]
    [InlineData("preview/shop/")]
    [InlineData("preview//x")]
    [InlineData("preview/../x")]
    [InlineData("preview/Shop/x")]
    [InlineData("preview/1shop/x")]
    [InlineData("preview/-shop/x")]
    [InlineData("preview/shop-/x")]
    [InlineData("preview/sh op/x")]
    [InlineData("preview/shop\n/x")]
    [InlineData("preview/shop\n")]
    [InlineData("preview/sh\u0000op/x")]
    [InlineData("preview/shop.example.com/x")]
    [InlineData("preview/$(id)/x")]
    [InlineData("preview/'shop'/x")]
    [InlineData("preview/ｓｈｏｐ/x")]
    [InlineData("preview/shöp/x")]
    public void TryRead_ApplicationIsNoName_SaysWhatWouldBe(string branch)
    {
        PreviewBranch.IsMeant(branch).ShouldBeTrue();
        PreviewBranch.TryRead(branch, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeEmpty();
        problem.ShouldNotContain(branch.Split('/')[1] is { Length: > 5 } part && part != "preview" ? part : "\n");
    }

    [Fact]
    public void TryRead_ThreeHundredCharacters_IsNoName() =>
        PreviewBranch.TryRead($"preview/{new string('a', 300)}/x", out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("main")]
    [InlineData("feature/preview/shop/x")]
    [InlineData("Preview/shop/x")]
    [InlineData("previews/shop/x")]
    [InlineData("")]
    public void IsMeant_OtherBranch_IsNot(string branch) => PreviewBranch.IsMeant(branch).ShouldBeFalse();
}
