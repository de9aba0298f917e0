using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;

namespace Ebb.PrPreview.Truth;

/// <summary>What holds for a pull request now, as far as can be known.</summary>
internal sealed record PullRequestTruth
{
    public required bool IsOpen { get; init; }

    /// <summary>The newest commit. Where nobody could be asked it may be short, or not be known.</summary>
    public required CommitSha? HeadSha { get; init; }

    /// <summary>Null where nothing is known but the preview itself.</summary>
    public required string? SourceBranch { get; init; }

    public required bool IsFork { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required GitRepository Repository { get; init; }

    /// <summary>True when the host said so itself; false when only the webhook's word is there.</summary>
    public required bool IsVerified { get; init; }

    /// <summary>What the host says.</summary>
    public static PullRequestTruth Of(PullRequest found) => new()
    {
        IsOpen = found.State is PullRequestState.Open,
        HeadSha = found.HeadSha,
        SourceBranch = found.SourceBranch,
        IsFork = found.IsFork,
        Labels = found.Labels,
        Repository = found.Repository,
        IsVerified = true,
    };

    /// <summary>What a webhook says.</summary>
    public static PullRequestTruth Of(PullRequestEvent said) => new()
    {
        IsOpen = said.State is PullRequestState.Open,
        HeadSha = said.HeadSha,
        SourceBranch = said.SourceBranch,
        IsFork = said.IsFork,
        Labels = said.Labels,
        Repository = said.Repository,
        IsVerified = false,
    };

    /// <summary>What can be said where only the preview is known: it was made of an open pull request.</summary>
    public static PullRequestTruth Of(Preview known) => new()
    {
        IsOpen = true,
        HeadSha = known.HeadSha,
        SourceBranch = null,
        IsFork = false,
        Labels = [],
        Repository = known.Repository,
        IsVerified = false,
    };

    /// <summary>Whether nothing changed that a preview depends on.</summary>
    public bool IsSameAs(PullRequestTruth other) =>
        IsOpen == other.IsOpen && HeadSha == other.HeadSha && SourceBranch == other.SourceBranch && IsFork == other.IsFork
        && Repository.Id == other.Repository.Id && Labels.ToHashSet(StringComparer.Ordinal).SetEquals(other.Labels);
}
