
namespace Ebb.GitHosts.Tests;

/// <summary>Our one comment and the statuses, at every host.</summary>
public sealed class CommentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CommentText Text(string markdown) => new("preview/shop", markdown);

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task WriteComment_ThreeTimes_IsOneCommentEditedOnce(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);

        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("building"), Token)).ShouldBe(CommentResult.Created);
        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token)).ShouldBe(CommentResult.Edited);
        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token)).ShouldBe(CommentResult.Unchanged);

        var comment = host.State.Comments.ShouldHaveSingleItem();
        (comment.Author, comment.Body).ShouldBe((host.Server.Account, "ready\n\n[//]: # (ebb:preview/shop)\n"));
        host.Server.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task WriteComment_AmongManyAndCopies_FindsOursOnly(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Server.AddComment(host.State, 7, "mallory", Text("https://evil.example.com").Body);
        host.Server.AddComment(host.State, 7, host.Server.Account, new CommentText("preview/other", "another of ours").Body);
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token);
        for (var i = 0; i < 230; i++)
        {
            host.Server.AddComment(host.State, 7, "ada", $"> quoted: [//]: # (ebb:preview/shop)\n\ncomment {i}");
        }

        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("gone"), Token)).ShouldBe(CommentResult.Edited);

        host.State.Comments.Count.ShouldBe(233);
        host.State.Comments.Where(comment => comment.Body.StartsWith("gone", StringComparison.Ordinal)).ShouldHaveSingleItem().Author.ShouldBe(host.Server.Account);
        host.State.Comments[0].Body.ShouldStartWith("https://evil.example.com");
    }

    [Fact]
    public async Task WriteComment_EditedMeanwhileAtBitbucketServer_IsReadAgain()
    {
        await using var host = await HostUnderTest.StartAsync("bitbucket-server");
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("building"), Token);
        host.Server.InterceptNext(
            context =>
            {
                host.State.Comments[0].Version++;
                context.Response.StatusCode = 409;
                return Task.CompletedTask;
            },
            "/comments/");

        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token)).ShouldBe(CommentResult.Edited);
        (host.State.Comments[0].Version, host.State.Comments[0].Body.Split('\n')[0]).ShouldBe((2, "ready"));
    }

    [Fact]
    public async Task WriteComment_AlwaysEditedMeanwhile_GivesUpAsConflict()
    {
        await using var host = await HostUnderTest.StartAsync("bitbucket-server");
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("building"), Token);
        host.Server.FailNext(409, times: 10, pathPart: "/comments/");

        var exception = await Should.ThrowAsync<GitHostException>(() => host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token));
        (exception.Fault, exception.IsTransient).ShouldBe((GitHostFault.Conflict, true));
    }

    [Theory]
    [InlineData("github", "/issues/comments/")]
    [InlineData("gitlab", "/notes/")]
    [InlineData("azure-devops", "/threads/")]
    public async Task WriteComment_DeletedMeanwhile_IsWrittenAnew(string kind, string path)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("building"), Token);
        host.Server.InterceptNext(
            context =>
            {
                host.State.Comments.Clear();
                context.Response.StatusCode = 404;
                return Task.CompletedTask;
            },
            path);

        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token)).ShouldBe(CommentResult.Created);
        host.State.Comments.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task WriteComment_AnswerLost_IsNotWrittenTwice(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("first"), Token);
        host.State.Comments.Clear();
        host.Server.FailNext(502, pathPart: kind switch { "gitlab" => "/notes", "azure-devops" => "/threads", _ => "/comments" });

        // The listing meets the fault where it has the same path; a creation that meets it is not repeated blindly.
        await Record.ExceptionAsync(() => host.Client.WriteCommentAsync(host.Repository, 7, Text("second"), Token));
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("second"), Token);
        host.State.Comments.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WriteComment_AtAzureDevOps_DoesNotHoldUpTheMerge()
    {
        await using var host = await HostUnderTest.StartAsync("azure-devops");
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("ready"), Token);
        host.State.Comments.ShouldHaveSingleItem().ThreadStatus.ShouldBe("closed");
    }

    [Fact]
    public async Task WriteComment_HostThatChangesLineEnds_IsUnchangedAllTheSame()
    {
        await using var host = await HostUnderTest.StartAsync("github");
        await host.Client.WriteCommentAsync(host.Repository, 7, Text("line one\nline two"), Token);
        host.State.Comments[0].Body = host.State.Comments[0].Body.ReplaceLineEndings("\r\n").Trim();

        (await host.Client.WriteCommentAsync(host.Repository, 7, Text("line one\nline two"), Token)).ShouldBe(CommentResult.Unchanged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("close) <script>")]
    public void CommentText_MarkerThatCouldShow_IsRefused(string marker) => Should.Throw<ArgumentException>(() => new CommentText(marker, "x"));

    [Fact]
    public void CommentText_TooLong_IsRefused() => Should.Throw<ArgumentException>(() => new CommentText("m", new string('x', CommentText.MaxLength)));

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task SetStatus_EachState_IsTheHostsOwnWord(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        string[] words = kind switch
        {
            "gitlab" => ["running", "failed", "success"],
            "azure-devops" => ["pending", "failed", "succeeded"],
            "bitbucket-cloud" or "bitbucket-server" => ["INPROGRESS", "FAILED", "SUCCESSFUL"],
            _ => ["pending", "failure", "success"],
        };
        foreach (var (state, word) in new[] { CommitState.Pending, CommitState.Failure, CommitState.Success }.Zip(words))
        {
            await host.Client.SetStatusAsync(host.Repository, 7, Status(state) with { Target = new Uri("https://shop-pr-7.example.com/") }, Token);
            var set = host.State.Statuses[^1];
            (set.State, set.Context, set.Commit, set.Description, set.Target).ShouldBe((word, "ebb/preview", HostUnderTest.Head, "waiting for image", "https://shop-pr-7.example.com/"));
        }
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task SetStatus_TwiceTooLongAndWithoutTarget_IsTaken(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        var status = Status(CommitState.Pending) with { Description = new string('x', 139) + "🎉\nmore" };
        await host.Client.SetStatusAsync(host.Repository, 7, status, Token);
        await host.Client.SetStatusAsync(host.Repository, 7, status, Token);

        host.State.Statuses[^1].Description.ShouldBe(new string('x', 139) + "…");
        if (kind.StartsWith("bitbucket", StringComparison.Ordinal))
        {
            host.State.Statuses[^1].Target!.ShouldEndWith("/pull-requests/7");
        }
    }

    private static CommitStatus Status(CommitState state) => new()
    {
        Commit = Contracts.PullRequests.CommitSha.Parse(HostUnderTest.Head),
        State = state,
        Context = "ebb/preview",
        Description = "waiting for image",
    };
}
