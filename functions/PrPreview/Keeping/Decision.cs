using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.Truth;

namespace Ebb.PrPreview.Keeping;

/// <summary>Decides what shall be of a preview. Pure.</summary>
internal sealed class Decision(PreviewOptions options, TimeProvider time)
{
    /// <summary>Decides.</summary>
    /// <param name="truth">What holds for the pull request.</param>
    /// <param name="known">What is known of the preview; null: nothing.</param>
    /// <param name="occasion">What started the run.</param>
    public Wanted Of(PullRequestTruth truth, Preview? known, Occasion occasion) => truth switch
    {
        { IsOpen: false } => new Wanted.Gone(RemovalReason.Closed),
        _ when occasion.Demand.Removal is { } reason => Asked(reason, truth, known),
        { IsFork: true } when WhyNoFork(truth, occasion.PullRequest.Host) is { } why => new Wanted.Refused(why),
        { HeadSha: not { IsFull: true } } => new Wanted.Refused("the host does not say the full name of the newest commit; give Ebb credentials for it, so that it can ask"),
        _ when Sleeps(truth, known) && !occasion.Demand.Create && occasion.Webhook?.Action is not PullRequestAction.Reopened => new Wanted.Unchanged(),
        _ => new Wanted.Running(),
    };

    // The reaper's word is minutes old when it is carried out: a push or a label may have come in between.
    private Wanted Asked(RemovalReason reason, PullRequestTruth truth, Preview? known) => reason switch
    {
        RemovalReason.Expired when known is null || !IsOver(known) || truth.Labels.Contains(options.Reaper.KeepLabel) => new Wanted.Unchanged(),
        // The pull request is open: whoever said otherwise was wrong.
        RemovalReason.Closed => new Wanted.Unchanged(),
        _ => new Wanted.Gone(reason),
    };

    private bool IsOver(Preview known) => known.LastActivityAt + options.Reaper.TimeToLive <= time.GetUtcNow();

    private string? WhyNoFork(PullRequestTruth truth, GitHostKind host) => host switch
    {
        _ when !options.Forks.Allowed => "pull requests from forks have no previews here",
        // There whoever contributes to a pull request may label it.
        GitHostKind.AzureDevOps => "pull requests from forks have no previews on Azure DevOps, where anybody may set labels",
        _ when !truth.Labels.Contains(options.Forks.Label) => $"a maintainer has to approve a preview of a fork with the label '{options.Forks.Label}'",
        _ => null,
    };

    private static bool Sleeps(PullRequestTruth truth, Preview? known) =>
        known is { State: PreviewState.Removed, Removal: RemovalReason.Expired or RemovalReason.ByHand } && known.HeadSha == truth.HeadSha;
}
