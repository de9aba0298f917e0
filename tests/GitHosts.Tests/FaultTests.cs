using Ebb.Contracts.PullRequests;
using Ebb.GitHosts.Configuration;
using Ebb.TestServers.Git;

namespace Ebb.GitHosts.Tests;

/// <summary>Hosts that refuse, limit, fail, lie or send elsewhere.</summary>
public sealed class FaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, GitHostFault> Statuses
    {
        get
        {
            var data = new TheoryData<string, int, GitHostFault>();
            foreach (var kind in GitHostNames.All)
            {
                data.Add(kind, 401, GitHostFault.Denied);
                data.Add(kind, 403, GitHostFault.Denied);
                data.Add(kind, 404, GitHostFault.NotFound);
                data.Add(kind, 410, GitHostFault.NotFound);
                data.Add(kind, 429, GitHostFault.RateLimited);
                data.Add(kind, 500, GitHostFault.ServerError);
                data.Add(kind, 503, GitHostFault.ServerError);
                data.Add(kind, 203, GitHostFault.Denied);
                data.Add(kind, 304, GitHostFault.Protocol);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Get_AnyStatusButSuccess_IsAFaultAndNoState(string kind, int status, GitHostFault fault)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Server.FailNext(status, times: 10);

        var exception = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));

        (exception.Fault, (int)exception.Status!.Value).ShouldBe((fault, status));
        exception.IsTransient.ShouldBe(fault is GitHostFault.RateLimited or GitHostFault.ServerError);
        exception.ToString().ShouldNotContain(host.Server.Token);
        exception.Message.ShouldStartWith($"mine at {new Uri(host.Server.Address).Authority} answered GET /");
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_BrokenLinkAndServerErrors_AreTriedAgain(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Server.DropNext();
        host.Server.FailNext(502);

        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).Number.ShouldBe(7);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_HostIsDown_IsUnreachable(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await host.Server.DisposeAsync();

        var exception = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));
        (exception.Fault, exception.IsTransient).ShouldBe((GitHostFault.Unreachable, true));
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Token_WrongThenRotated_IsReadAgain(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Server.Token = "the-token-after-the-rotation";
        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.Denied);

        host.WriteToken("the-token-after-the-rotation");
        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).Number.ShouldBe(7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData(null)]
    public async Task Token_FileUnusable_IsALoginThatFailed(string? content)
    {
        await using var host = await HostUnderTest.StartAsync("github");
        if (content is null)
        {
            File.Delete(host.Options.TokenFile!);
        }
        else
        {
            host.WriteToken(content);
        }

        var exception = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));
        exception.Fault.ShouldBe(GitHostFault.LoginFailed);
        exception.Message.ShouldContain("Git:Hosts:mine:TokenFile");
        host.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task RateLimit_Of403_SaysHowLong()
    {
        await using var host = await HostUnderTest.StartAsync("github");
        var reset = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1800);
        host.Server.FailNext(403, headers: [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{reset.ToUnixTimeSeconds()}")]);
        var primary = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));
        host.Server.FailNext(403, headers: [("Retry-After", "60")]);
        var secondary = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));

        primary.Fault.ShouldBe(GitHostFault.RateLimited);
        primary.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(30));
        (secondary.Fault, secondary.RetryAfter).ShouldBe((GitHostFault.RateLimited, TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task RateLimit_LongRetryAfter_EndsAtOnce(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Server.FailNext(429, headers: [("Retry-After", "3600")]);

        var exception = await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token));
        (exception.Fault, exception.RetryAfter).ShouldBe((GitHostFault.RateLimited, TimeSpan.FromHours(1)));
        host.Server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redirect_OfARenamedRepository_IsFollowedForReadsAndWrites()
    {
        await using var host = await HostUnderTest.StartAsync("github");
        ((GitHubServer)host.Server).Renamed["ours/old"] = host.State.Id;
        var old = new GitRepository { Id = host.State.Id, FullName = "ours/old" };

        (await host.Client.GetPullRequestAsync(old, 7, Token)).Repository.FullName.ShouldBe("ours/shop");
        (await host.Client.WriteCommentAsync(old, 7, new CommentText("m", "x"), Token)).ShouldBe(CommentResult.Created);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Redirect_ToAnotherServer_IsNotFollowed(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await using var other = await GitHostServer.StartAsync<GitHubServer>();
        host.Server.FailNext(302, headers: [("Location", $"{other.Address}/steal")]);

        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.Protocol);
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redirect_InCircles_Ends()
    {
        await using var host = await HostUnderTest.StartAsync("github");
        host.Server.FailNext(302, times: 20, headers: [("Location", "/repos/ours/shop/pulls/7")]);

        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.Protocol);
        host.Server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Redirect_OfAzureDevOpsToItsSignIn_IsADeniedToken()
    {
        await using var host = await HostUnderTest.StartAsync("azure-devops");
        host.Server.FailNext(302, headers: [("Location", "https://spsprodeus1.vssps.visualstudio.com/_signin?realm=dev.azure.com")]);

        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.Denied);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"number\":7,\"state\":\"closed\"}")]
    public async Task Get_AnswerOfAnotherForm_IsAProtocolFault(string body)
    {
        await using var host = await HostUnderTest.StartAsync("github");
        host.Server.InterceptNext(context => context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body), Token).AsTask());

        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.Protocol);
    }

    [Fact]
    public async Task Get_EndlessAnswer_IsCut()
    {
        await using var host = await HostUnderTest.StartAsync("github");
        host.Server.InterceptNext(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        });

        (await Should.ThrowAsync<GitHostException>(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).Fault.ShouldBe(GitHostFault.TooLarge);
    }

    [Fact]
    public async Task Resolve_AnswerWithAnotherCommit_IsNotBelieved()
    {
        await using var host = await HostUnderTest.StartAsync("bitbucket-cloud");
        host.Server.InterceptNext(context => context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($$"""{"hash":"{{HostUnderTest.Head}}"}"""), Token).AsTask());

        (await Should.ThrowAsync<GitHostException>(() => host.Client.ResolveAsync(host.Repository, CommitSha.Parse("0704fc5beccc"), Token))).Fault.ShouldBe(GitHostFault.Protocol);
    }

    [Fact]
    public async Task SetStatus_RefusedForAnotherReasonAtGitLab_IsAFault()
    {
        await using var host = await HostUnderTest.StartAsync("gitlab");
        host.Server.FailNext(400);
        var status = new CommitStatus { Commit = CommitSha.Parse(HostUnderTest.Head), State = CommitState.Pending, Context = "x", Description = "y" };

        (await Should.ThrowAsync<GitHostException>(() => host.Client.SetStatusAsync(host.Repository, 7, status, Token))).Fault.ShouldBe(GitHostFault.InvalidRequest);
    }

    [Fact]
    public async Task Account_NotTold_NamesTheSetting()
    {
        await using var host = await HostUnderTest.StartAsync("bitbucket-server");
        host.Server.Account = "";
        (await Should.ThrowAsync<GitHostException>(() => host.Client.WriteCommentAsync(host.Repository, 7, new CommentText("m", "x"), Token))).Message.ShouldContain("Git:Hosts:mine:Account");

        using var clients = new GitHostClients([host.Options with { Account = "ebb-bot" }], TimeProvider.System);
        host.Server.Account = "ebb-bot";
        (await clients.Find("mine", GitHostKind.BitbucketServer)!.WriteCommentAsync(host.Repository, 7, new CommentText("m", "x"), Token)).ShouldBe(CommentResult.Created);
        host.Server.Requests.Count(request => request.Contains("application-properties", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Find_UnknownOrOtherProduct_IsNull()
    {
        using var clients = new GitHostClients([new GitHostOptions { Name = "a", Kind = GitHostKind.GitHub, Address = new Uri("https://x"), TokenFile = "t" }], TimeProvider.System);

        clients.Find("a", GitHostKind.GitHub).ShouldNotBeNull();
        clients.Find("a", GitHostKind.GitHub).ShouldBeSameAs(clients.Find("a", GitHostKind.GitHub));
        clients.Find("a", GitHostKind.GitLab).ShouldBeNull();
        clients.Find("b", GitHostKind.GitHub).ShouldBeNull();
    }
}
