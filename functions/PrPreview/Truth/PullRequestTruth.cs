using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.Truth;

/// <summary>What holds for a pull request now, as far as can be known.</summary>
internal sealed record PullRequestTruth
{
    public required bool IsOpen { get; init; }

    /// <summary>The newest commit; short only where nobody could be asked.</summary>
    public required CommitSha HeadSha { get; init; }

    public required string SourceBranch { get; init; }

    public required bool IsFork { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required GitRepository Repository { get; init; }

    /// <summary>True when the host said so itself; false when only the webhook's word is there.</summary>
    public required bool IsVerified { get; init; }

    /// <summary>Whether nothing changed that a preview depends on.</summary>
    public bool IsSameAs(PullRequestTruth other) =>
        IsOpen == other.IsOpen && HeadSha == other.HeadSha && SourceBranch == other.SourceBranch && IsFork == other.IsFork
        && Repository.Id == other.Repository.Id && Labels.ToHashSet(StringComparer.Ordinal).SetEquals(other.Labels);
}
