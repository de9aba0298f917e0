using System.Text;
using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Git.Payloads;

/// <summary>What a payload says about a pull request.</summary>
internal sealed record PullRequestFacts
{
    public required PullRequestAction Action { get; init; }

    public required PullRequestState State { get; init; }

    public required int Number { get; init; }

    public required string? Title { get; init; }

    public required string? Author { get; init; }

    public required string SourceBranch { get; init; }

    public required string TargetBranch { get; init; }

    public required CommitSha? HeadSha { get; init; }

    public required bool IsFork { get; init; }

    public required bool IsDraft { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Those that the event says it set.</summary>
    public IReadOnlyList<string> LabelsAdded { get; init; } = [];

    public required GitRepository Repository { get; init; }

    public required Uri? CloneUrl { get; init; }

    public required DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The event. What people write freely is cut to its bounds; what a host guarantees is left for the rules to judge.</summary>
    public PullRequestEvent ToEvent(DeliveryOrigin origin) => new()
    {
        Host = origin.Hook.Host,
        Server = origin.Hook.Server,
        Hook = origin.Hook.Name,
        DeliveryId = origin.DeliveryId,
        ReceivedAt = origin.ReceivedAt,
        Action = Action,
        State = State,
        Number = Number,
        Title = Line(Title, PullRequestEventRules.MaxTitleLength),
        // A deleted account has no name; GitHub shows such authors as ghost, and so does this.
        Author = Line(Author, PullRequestEventRules.MaxAuthorLength) is { Length: > 0 } author ? author : "ghost",
        SourceBranch = SourceBranch,
        TargetBranch = TargetBranch,
        HeadSha = HeadSha,
        IsFork = IsFork,
        IsDraft = IsDraft,
        Labels = Kept(Labels),
        LabelsAdded = Kept(LabelsAdded) is { Count: > 0 } added ? added : null,
        Repository = Repository,
        CloneUrl = CloneUrl,
        UpdatedAt = UpdatedAt,
    };

    private static IReadOnlyList<string> Kept(IReadOnlyList<string> labels) =>
        [.. labels.Where(label => PullRequestEventRules.IsText(label, PullRequestEventRules.MaxLabelLength)).Take(PullRequestEventRules.MaxLabels)];

    private static string Line(string? text, int max)
    {
        var line = new StringBuilder(Math.Min(text?.Length ?? 0, max));
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > max)
            {
                break;
            }

            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }
}
