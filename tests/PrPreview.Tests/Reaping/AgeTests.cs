using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Reaping;

namespace Ebb.PrPreview.Tests.Reaping;

public sealed class AgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null, typeof(Verdict.Stays))]
    [InlineData(143, null, typeof(Verdict.Stays))]
    [InlineData(144, null, typeof(Verdict.Due))]
    [InlineData(150, 144, typeof(Verdict.Stays))]
    [InlineData(168, 144, typeof(Verdict.Over))]
    // The reaper did not run for weeks: still nobody loses a preview unwarned.
    [InlineData(1000, null, typeof(Verdict.Due))]
    [InlineData(1023, 1000, typeof(Verdict.Stays))]
    [InlineData(1024, 1000, typeof(Verdict.Over))]
    public void Judge_SevenDaysAndADayOfWarning_IsOverOnlyAfterBoth(int hours, int? warned, Type expected) =>
        Judge(hours, warned).ShouldBeOfType(expected);

    [Fact]
    public void Judge_NoTimeToLive_Stays() =>
        new Age(Sample.Options(("TimeToLive", "00:00:00")).Reaper).Judge(Preview(null), Start.AddYears(1)).ShouldBeOfType<Verdict.Stays>();

    [Fact]
    public void Judge_Due_SaysUntilWhenAndWhatHelps() => ((Verdict.Due)Judge(144, null)).Why.ShouldBe(
        "nothing happened since 2026-01-01 00:00 UTC; it is removed after 2026-01-08 00:00 UTC unless a commit is pushed or the label 'keep' is set");

    private static Verdict Judge(int hours, int? warned) => new Age(Sample.Options().Reaper).Judge(Preview(warned), Start.AddHours(hours));

    private static Preview Preview(int? warned) => new()
    {
        Name = "shop-pr-7",
        App = AppName.Parse("shop"),
        Number = 7,
        Server = "gitea",
        Host = GitHostKind.Gitea,
        Repository = new GitRepository { Id = "42", FullName = "acme/shop" },
        Url = new Uri("https://shop-pr-7.preview.example.com"),
        HeadSha = CommitSha.Parse(Sample.Sha),
        State = PreviewState.Ready,
        CreatedAt = Start,
        Since = Start,
        LastActivityAt = Start,
        WarnedAt = warned is { } hours ? Start.AddHours(hours) : null,
    };
}
