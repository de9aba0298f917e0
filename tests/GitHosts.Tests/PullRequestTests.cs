using Ebb.Contracts.PullRequests;
using Ebb.TestServers.Git;

namespace Ebb.GitHosts.Tests;

/// <summary>Pull requests, commits and files, at every host.</summary>
public sealed class PullRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool HasLabels(string kind) => !kind.StartsWith("bitbucket", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_OpenPullRequest_IsReadWhole(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Pull.Labels.Add("keep");

        var pull = await host.Client.GetPullRequestAsync(host.Repository, 7, Token);

        (pull.Number, pull.State).ShouldBe((7, PullRequestState.Open));
        (pull.SourceBranch, pull.HeadSha?.Value).ShouldBe(("preview/shop/basket", HostUnderTest.Head));
        (pull.IsFork, pull.Repository).ShouldBe((false, host.Repository));
        pull.Labels.ShouldBe(HasLabels(kind) ? ["keep"] : []);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_ClosedMergedAndFork_AreTold(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Pull.State = "closed";
        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).State.ShouldBe(PullRequestState.Closed);

        host.Pull.State = "merged";
        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).State.ShouldBe(PullRequestState.Merged);

        host.Pull.State = "open";
        host.Pull.SourceRepository = new GitRepositoryState(kind is "bitbucket-cloud" or "azure-devops" ? Guid.NewGuid().ToString() : "99", "theirs/shop");
        host.Pull.SourceRepository.Commits.Add(HostUnderTest.Head);
        host.Server.Repositories.Add(host.Pull.SourceRepository);
        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).IsFork.ShouldBeTrue();
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    [InlineData("forgejo")]
    [InlineData("bitbucket-cloud")]
    public async Task Get_ForkThatIsGone_IsAFork(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        host.Pull.SourceRepository = null;
        (await host.Client.GetPullRequestAsync(host.Repository, 7, Token)).IsFork.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_MissingOrHidden_IsNotFoundAndNeverClosed(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        (await FaultAsync(() => host.Client.GetPullRequestAsync(host.Repository, 8, Token))).ShouldBe(GitHostFault.NotFound);

        host.State.Visible = false;
        (await FaultAsync(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).ShouldBe(GitHostFault.NotFound);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Get_StateThatIsNotKnown_IsNeverTakenForClosed(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        var member = kind == "azure-devops" ? "status" : "state";
        host.Server.InterceptNext(context => context.Response.Body.WriteAsync(
            System.Text.Encoding.UTF8.GetBytes($$"""{"{{member}}":"hibernating","number":7,"id":7,"iid":7,"pullRequestId":7}"""), Token).AsTask());
        host.Server.InterceptNext(context => context.Response.Body.WriteAsync("""{"value":[]}"""u8.ToArray(), Token).AsTask(), "/labels");

        (await FaultAsync(() => host.Client.GetPullRequestAsync(host.Repository, 7, Token))).ShouldBe(GitHostFault.Protocol);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task ListOpen_ManyPages_GivesEveryOpenOneOnce(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        for (var number = 100; number < 330; number++)
        {
            host.State.Open(number, $"preview/shop/{number}", HostUnderTest.Head).State = number % 10 == 0 ? "closed" : "open";
        }

        var numbers = new List<int>();
        await foreach (var pull in host.Client.ListOpenAsync(host.Repository, Token))
        {
            numbers.Add(pull.Number);
            pull.HeadSha!.Value.IsFull.ShouldBeTrue();
        }

        numbers.ShouldBe([7, .. Enumerable.Range(100, 230).Where(number => number % 10 != 0)]);
    }

    [Fact]
    public async Task ListOpen_GiteaWithShorterPages_GivesAll()
    {
        await using var host = await HostUnderTest.StartAsync("gitea");
        host.Server.MaxPageSize = 3;
        for (var number = 100; number < 110; number++)
        {
            host.State.Open(number, "x", HostUnderTest.Head);
        }

        (await host.Client.ListOpenAsync(host.Repository, Token).CountAsync(Token)).ShouldBe(11);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task Resolve_ShortCommit_BecomesFull(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        (await host.Client.ResolveAsync(host.Repository, CommitSha.Parse("0704fc5beccc"), Token)).Value.ShouldBe(HostUnderTest.Other);

        var before = host.Server.Requests.Count;
        (await host.Client.ResolveAsync(host.Repository, CommitSha.Parse(HostUnderTest.Head), Token)).Value.ShouldBe(HostUnderTest.Head);
        host.Server.Requests.Count.ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(HostUnderTest.Kinds), MemberType = typeof(HostUnderTest))]
    public async Task ReadFile_ThereOrNot_IsTold(string kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        var head = CommitSha.Parse(HostUnderTest.Head);

        (await host.Client.ReadFileAsync(host.Repository, "values.yaml", head, 100, Token)).ShouldBe("replicas: 1\n"u8.ToArray());
        (await host.Client.ReadFileAsync(host.Repository, "charts/a b/x+y.yaml", head, 100, Token)).ShouldBe("x"u8.ToArray());
        (await host.Client.ReadFileAsync(host.Repository, "other.yaml", head, 100, Token)).ShouldBeNull();
        (await host.Client.ReadFileAsync(host.Repository, "charts", head, 100, Token)).ShouldBeNull();
        (await FaultAsync(() => host.Client.ReadFileAsync(host.Repository, "values.yaml", head, 11, Token))).ShouldBe(GitHostFault.TooLarge);

        host.State.Visible = false;
        (await FaultAsync(() => host.Client.ReadFileAsync(host.Repository, "values.yaml", head, 100, Token))).ShouldBe(GitHostFault.NotFound);
    }

    [Theory]
    [InlineData("../secrets.yaml")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("")]
    public async Task ReadFile_PathThatLeavesItsPlace_IsRefusedUnsent(string path)
    {
        await using var host = await HostUnderTest.StartAsync("github");
        await Should.ThrowAsync<ArgumentException>(() => host.Client.ReadFileAsync(host.Repository, path, CommitSha.Parse(HostUnderTest.Head), 100, Token));
        host.Server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("github", "ours/../../user")]
    [InlineData("gitea", "a/b/c")]
    [InlineData("bitbucket-server", "ours")]
    public async Task Get_RepositoryThatLeavesItsPlace_IsRefusedUnsent(string kind, string name)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await Should.ThrowAsync<ArgumentException>(() => host.Client.GetPullRequestAsync(new GitRepository { Id = "1", FullName = name }, 7, Token));
        host.Server.Requests.ShouldBeEmpty();
    }

    private static async Task<GitHostFault> FaultAsync(Func<Task> call) => (await Should.ThrowAsync<GitHostException>(call)).Fault;
}
