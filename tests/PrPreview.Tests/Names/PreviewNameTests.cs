using System.Text.RegularExpressions;
using Ebb.Contracts.Previews;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.PrPreview.Tests.Names;

public sealed class PreviewNameTests
{
    [Theory]
    [InlineData("shop", 7, "shop-pr-7")]
    [InlineData("a", int.MaxValue, "a-pr-2147483647")]
    [InlineData("an-application-with-a-name-of-exactly-46-letters", 7, "an-application-with-a-name-of-exactly-46-letters-pr-7")]
    public void For_FitsAsItIs_IsAppAndNumber(string app, int number, string expected) =>
        PreviewName.For(AppName.Parse(app), number).Value.ShouldBe(expected);

    [Fact]
    public void For_LongNames_AreCutAndToldApartByAHash()
    {
        var one = PreviewName.For(AppName.Parse(new string('a', 62) + "b"), 7).Value;
        var other = PreviewName.For(AppName.Parse(new string('a', 62) + "c"), 7).Value;
        one.Length.ShouldBe(PreviewName.MaxLength);
        one.ShouldNotBe(other);
    }

    [Fact]
    public void For_AnyName_IsALabelOfAtMost53CharactersThatTellsNumbersApart()
    {
        var names = from length in Gen.Choose(1, 63)
                    from letters in Gen.ArrayOf(Gen.Elements("abcz09-".ToCharArray()), length)
                    select new string(letters);
        var property = Prop.ForAll(Arb.From(names), Arb.From(Gen.Choose(1, int.MaxValue - 1)), (text, number) =>
        {
            if (!AppName.TryParse(text, out var app))
            {
                return true;
            }

            var name = PreviewName.For(app, number).Value;
            return name.Length <= 53 && Regex.IsMatch(name, @"\A[a-z]([a-z0-9-]*[a-z0-9])?\z") && name.EndsWith($"-pr-{number}", StringComparison.Ordinal)
                && name != PreviewName.For(app, number + 1).Value;
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void For_NumberZero_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => PreviewName.For(AppName.Parse("a"), 0));
}
