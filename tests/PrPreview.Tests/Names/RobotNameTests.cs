using Ebb.Contracts.Previews;
using Ebb.PrPreview.Names;

namespace Ebb.PrPreview.Tests.Names;

public sealed class RobotNameTests
{
    [Theory]
    [InlineData("shop", "ebb-shop-pr-7")]
    [InlineData("my-shop", "ebb-my-shop-pr-7")]
    [InlineData("my--shop", "ebb-my-shop-pr-7-a9c9ed52")]
    public void For_Preview_IsANameThatHarborTakes(string app, string name) =>
        RobotName.For(PreviewName.For(AppName.Parse(app), 7)).ShouldBe(name);

    [Fact]
    public void For_NamesThatDifferInDashes_Differ() =>
        new[] { "a-b", "a--b", "a---b" }.Select(app => RobotName.For(PreviewName.For(AppName.Parse(app), 1))).Distinct().Count().ShouldBe(3);
}
