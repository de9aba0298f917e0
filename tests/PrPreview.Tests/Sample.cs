using System.Text.Json.Nodes;
using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview.Tests;

/// <summary>A configuration, a pull request and what is made of them.</summary>
internal static class Sample
{
    public const string Sha = "0123456789abcdef0123456789abcdef01234567";

    public static Dictionary<string, string?> Settings { get; } = new()
    {
        ["PrPreview:Domain"] = "preview.example.com",
        ["PrPreview:Image"] = "harbor.example.com/{owner}/{app}",
        ["PrPreview:ChartRepository"] = "harbor.example.com/charts",
        ["PrPreview:ChartVersion"] = "1.2.3",
        ["PrPreview:PullSecret"] = "ebb/preview-pull-source",
    };

    public static PreviewOptions Options(params (string Key, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (key, value) in changes)
        {
            settings[$"PrPreview:{key}"] = value;
        }

        return PreviewOptions.Required(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }

    public static PullRequestEvent Event(
        int number = 7, string branch = "preview/shop/new-basket", string sha = Sha, PullRequestState state = PullRequestState.Open,
        PullRequestAction action = PullRequestAction.Opened, string repositoryId = "42", string repository = "acme/shop", bool fork = false) => new()
        {
            Host = GitHostKind.Gitea,
            Server = "gitea",
            Hook = "main",
            DeliveryId = Guid.NewGuid().ToString(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Action = action,
            State = state,
            Number = number,
            Title = "A new basket",
            Author = "ann",
            SourceBranch = branch,
            TargetBranch = "main",
            HeadSha = CommitSha.Parse(sha),
            IsFork = fork,
            Repository = new GitRepository { Id = repositoryId, FullName = repository },
        };

    public static PreviewSubject Subject(string app = "shop", int number = 7, bool fork = false) => new()
    {
        App = AppName.Parse(app),
        PullRequest = new("gitea", GitHostKind.Gitea, new GitRepository { Id = "42", FullName = "acme/shop" }, number),
        IsFork = fork,
    };

    public static PreviewPlan Plan(PreviewOptions options, JsonObject? values = null, bool fork = false) =>
        new PreviewRenderer(options).TryPlan(Subject(fork: fork), CommitSha.Parse(Sha), values ?? [], out var plan, out var problem)
            ? plan
            : throw new InvalidOperationException(problem);
}
