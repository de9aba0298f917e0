using Ebb.Contracts.Images;

namespace Ebb.Contracts.PullRequests;

/// <summary>What holds for every event, at the door and in the queue.</summary>
public static class PullRequestEventRules
{
    /// <summary>The longest title; the door cuts longer ones.</summary>
    public const int MaxTitleLength = 300;

    /// <summary>The longest name of a branch, in characters.</summary>
    public const int MaxBranchLength = 512;

    /// <summary>The longest name of an author; the door cuts longer ones.</summary>
    public const int MaxAuthorLength = 256;

    /// <summary>How many labels are kept, and how long each may be.</summary>
    public const int MaxLabels = 100, MaxLabelLength = 255;

    private const int MaxNameLength = 128;

    /// <summary>Adds every problem; false when there is one.</summary>
    public static bool Check(PullRequestEvent @event, ListProblems problems)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Messages.Count;
        Require(@event.Number > 0, "number", "must be 1 or more");
        Require(IsText(@event.Server, MaxNameLength), "server", $"must have 1 to {MaxNameLength} characters");
        Require(IsText(@event.Hook, MaxNameLength), "hook", $"must have 1 to {MaxNameLength} characters");
        Require(IsText(@event.DeliveryId, MaxNameLength), "deliveryId", $"must have 1 to {MaxNameLength} characters");
        Require(@event.Title.Length <= MaxTitleLength, "title", $"must have at most {MaxTitleLength} characters");
        Require(IsText(@event.Author, MaxAuthorLength), "author", $"must have 1 to {MaxAuthorLength} characters");
        Require(IsText(@event.SourceBranch, MaxBranchLength), "sourceBranch", $"must be a branch of 1 to {MaxBranchLength} characters");
        Require(IsText(@event.TargetBranch, MaxBranchLength), "targetBranch", $"must be a branch of 1 to {MaxBranchLength} characters");
        Require(@event.Repository.IsValid, "repository", "must have an id and a path such as owner/name");
        Require(IsAddress(@event.CloneUrl), "cloneUrl", "must be an http or https URL without a user");
        Require(@event.Labels is not null, "labels", "must be a list; [] where there are none");
        RequireLabels(@event.Labels, "labels");
        RequireLabels(@event.LabelsAdded, "labelsAdded");
        return problems.Messages.Count == before;

        void RequireLabels(IReadOnlyList<string>? labels, string where)
        {
            Require(labels is null or { Count: <= MaxLabels }, where, $"are {labels?.Count}; at most {MaxLabels} are taken");
            Require(labels?.All(label => IsText(label, MaxLabelLength)) is not false, where, $"must each have 1 to {MaxLabelLength} characters");
        }

        void Require(bool holds, string where, string rule)
        {
            if (!holds)
            {
                problems.Add(where, rule);
            }
        }
    }

    /// <summary>Text without control characters, of 1 to <paramref name="max"/> characters.</summary>
    public static bool IsText(string? text, int max) => text is { Length: > 0 } && text.Length <= max && !text.Any(char.IsControl);

    /// <summary>An address that a repository can be cloned from over HTTP, or none.</summary>
    public static bool IsAddress(Uri? address) => address is null
        || (address.IsAbsoluteUri && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 && address.OriginalString.Length <= 2048);
}
