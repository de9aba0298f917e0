using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Telling;

namespace Ebb.PrPreview.Tests.Telling;

public sealed class NoticeTextTests
{
    [Fact]
    public void Of_Ready_NamesAddressAndCommit() => NoticeText.Of(new Notice
    {
        State = "ready",
        Url = new Uri("https://shop-pr-7.preview.example.com"),
        Commit = CommitSha.Parse(Sample.Sha),
    }).ShouldBe($"**Preview: ready**\n\n- URL: https://shop-pr-7.preview.example.com\n- Commit: `{Sample.Sha}`\n");

    [Theory]
    [InlineData("@everyone look", "`@everyone look`")]
    [InlineData("a `b` c", "`a 'b' c`")]
    [InlineData("first\nsecond\r\n# third", "`first second  # third`")]
    [InlineData("``` </details> <script>", "`''' </details> <script>`")]
    [InlineData("left\u202eright\u2028end", "`left right end`")]
    [InlineData("", "` `")]
    public void Code_WhatOthersWrote_StaysOneLineOfCode(string text, string expected) => NoticeText.Code(text, 100).ShouldBe(expected);

    [Fact]
    public void Of_ManyKeysAndALongCause_AreCut()
    {
        var text = NoticeText.Of(new Notice { State = "failed", Cause = new string('x', 100_000), LeftOut = [.. Enumerable.Range(0, 5000).Select(i => new string('k', 5000))] });
        text.Length.ShouldBeLessThan(5000);
        text.ShouldContain("and 4980 more");
    }
}
