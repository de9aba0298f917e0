using Ebb.Contracts;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Tests.Servers;
using Ebb.TestServers.Git;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.PrPreview.Tests.Keeping;

/// <summary>Whatever order webhooks come in, however often, and however often the worker is restarted: the newest truth holds in the end.</summary>
public sealed class InterleavingTests
{
    private const string Name = "shop-pr-7";

    private static readonly string[] Commits = [.. Enumerable.Range(0, 8).Select(i => new string((char)('1' + i), 40))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private enum Step
    {
        /// <summary>The pull request gets another commit.</summary>
        Push,

        Close,

        Reopen,

        /// <summary>The webhook that was sent last arrives.</summary>
        DeliverNewest,

        /// <summary>The one that waits longest arrives.</summary>
        DeliverOldest,

        /// <summary>One that arrived already arrives again.</summary>
        DeliverAgain,

        /// <summary>The worker is stopped in the middle of whatever it does, and started again.</summary>
        Restart,
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnyOrder_DuplicatesAndRestarts_EndAsTheNewestTruth(bool canAsk)
    {
        var steps = Gen.ListOf(
            Gen.Frequency(
                (3, Gen.Constant(Step.Push)), (3, Gen.Constant(Step.Close)), (3, Gen.Constant(Step.Reopen)), (3, Gen.Constant(Step.DeliverNewest)),
                (3, Gen.Constant(Step.DeliverOldest)), (2, Gen.Constant(Step.DeliverAgain)), (1, Gen.Constant(Step.Restart))),
            12);
        Prop.ForAll(Arb.From(steps), given => RunAsync([.. given], canAsk).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    public static TheoryData<int[]> Orders { get; } = [.. Permutations([0, 1, 2, 3])];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task OpenPushCloseReopen_EveryOrderEachTwice_EndsOpenAtTheNewestCommit(int[] order)
    {
        await using var bench = await PreviewBench.StartAsync();
        var story = new Story(bench);
        story.Push();
        story.Close();
        story.Reopen();
        foreach (var i in order.Concat(order))
        {
            await bench.SendAsync(story.Sent[i]);
        }

        await SettleAsync(bench);
        await CheckAsync(bench, story.Pull);
    }

    private static async Task RunAsync(Step[] steps, bool canAsk)
    {
        await using var bench = await PreviewBench.StartAsync(canAsk);
        var story = new Story(bench);
        foreach (var step in steps)
        {
            await story.DoAsync(step);
        }

        await story.DeliverRestAsync();
        await SettleAsync(bench);
        await CheckAsync(bench, story.Pull);
    }

    private static async Task SettleAsync(PreviewBench bench)
    {
        while (await bench.Storage.Queues.CountAsync(Queues.PullRequests, Token) is not { Ready: 0, Running: 0, Waiting: 0 })
        {
            await Task.Delay(5, Token);
        }
    }

    private static async Task CheckAsync(PreviewBench bench, GitPull pull)
    {
        (await bench.Storage.Queues.CountAsync(Queues.PullRequests, Token)).Poisoned.ShouldBe(0);
        (await bench.Storage.Documents.ListAsync("preview-locks/", Token)).ShouldBeEmpty();
        var places = (await bench.Storage.Documents.GetAsync("preview-places", Token))?.Value ?? "";
        var known = await bench.FindAsync(Name);
        if (pull.State != "open")
        {
            bench.IsGone(Name).ShouldBeTrue();
            known!.State.ShouldBe(PreviewState.Removed);
            places.ShouldNotContain(Name);
            return;
        }

        (known!.State, known.HeadSha.Value).ShouldBe((PreviewState.Ready, pull.Head));
        bench.Values(Name)["image"]!["tag"]!.GetValue<string>().ShouldBe(pull.Head);
        places.ShouldContain(Name);
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    /// <summary>What happens to the pull request, and what the host sends about it.</summary>
    private sealed class Story
    {
        private readonly PreviewBench _bench;
        private readonly List<int> _waiting = [];
        private int _commits = 1;

        public Story(PreviewBench bench)
        {
            _bench = bench;
            foreach (var commit in Commits)
            {
                bench.Push("shop", commit);
            }

            Pull = bench.Open(sha: Commits[0], values: null);
            Send(PullRequestAction.Opened);
        }

        public GitPull Pull { get; }

        public List<PullRequestEvent> Sent { get; } = [];

        public void Push()
        {
            _bench.Change(Pull, pull => pull.Head = Commits[_commits++ % Commits.Length]);
            Send(PullRequestAction.Pushed);
        }

        public void Close()
        {
            _bench.Change(Pull, pull => pull.State = "closed");
            Send(PullRequestAction.Closed);
        }

        public void Reopen()
        {
            _bench.Change(Pull, pull => pull.State = "open");
            Send(PullRequestAction.Reopened);
        }

        public async Task DoAsync(Step step)
        {
            switch (step)
            {
                case Step.Push:
                    Push();
                    break;
                case Step.Close:
                    Close();
                    break;
                case Step.Reopen:
                    Reopen();
                    break;
                case Step.DeliverNewest when _waiting.Count > 0:
                    await DeliverAsync(_waiting.Count - 1);
                    break;
                case Step.DeliverOldest when _waiting.Count > 0:
                    await DeliverAsync(0);
                    break;
                case Step.DeliverAgain when Sent.Count > _waiting.Count:
                    await SendAsync(Sent.Where((_, i) => !_waiting.Contains(i)).First());
                    break;
                case Step.Restart:
                    await _bench.StopWorkerAsync();
                    await _bench.StartWorkerAsync();
                    break;
            }
        }

        public async Task DeliverRestAsync()
        {
            while (_waiting.Count > 0)
            {
                await DeliverAsync(_waiting.Count - 1);
            }
        }

        private async Task DeliverAsync(int at)
        {
            var sent = _waiting[at];
            _waiting.RemoveAt(at);
            await SendAsync(Sent[sent]);
        }

        // Where the host cannot be asked, a webhook that the queue drops for a later arrival is lost: there each is carried out first.
        private async Task SendAsync(PullRequestEvent sent)
        {
            await _bench.SendAsync(sent);
            if (!_bench.CanAsk)
            {
                await SettleAsync(_bench);
            }
        }

        private void Send(PullRequestAction action)
        {
            _waiting.Add(Sent.Count);
            Sent.Add(_bench.EventOf(Pull, action));
        }
    }
}
