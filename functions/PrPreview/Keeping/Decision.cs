using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.Truth;

namespace Ebb.PrPreview.Keeping;

/// <summary>Decides what shall be of a preview. Pure.</summary>
internal sealed class Decision(PreviewOptions options, TimeProvider time)
{
    /// <summary>Why a pull request of a repository that is not configured has no preview.</summary>
    public const string NotAdmitted = "its repository is not among those that may have previews (PrPreview:Repositories)";

    /// <summary>Decides.</summary>
    /// <param name="truth">What holds for the pull request.</param>
    /// <param name="known">What is known of the preview; null: nothing.</param>
    /// <param name="occasion">What started the run.</param>
    /// <param name="approved">The commit of a fork that is approved; null: none.</param>
    public Wanted Of(PullRequestTruth truth, Preview? known, Occasion occasion, CommitSha? approved) => truth switch
    {
        { IsOpen: false } => new Wanted.Gone(RemovalReason.Closed),
        _ when occasion.Demand.Removal is { } reason && Asked(reason, truth, known) is { } asked => asked,
        _ when !options.Admits(truth.Repository) => new Wanted.Refused(NotAdmitted),
        { IsFork: true } when WhyNoFork(occasion.PullRequest.Host) is { } why => new Wanted.Refused(why),
        { HeadSha: not { IsFull: true } } => new Wanted.Refused("the host does not say the full name of the newest commit; give Ebb credentials for it, so that it can ask", Keeps: true),
        { IsFork: true } when truth.HeadSha != approved => new Wanted.Refused(WhyNotApproved(truth)),
        _ when Sleeps(truth, known) && !occasion.Demand.Create && occasion.Webhook?.Action is not PullRequestAction.Reopened => new Wanted.Unchanged(),
        _ => new Wanted.Running(),
    };

    private Wanted? Asked(RemovalReason reason, PullRequestTruth truth, Preview? known) => reason switch
    {
        RemovalReason.ByHand => new Wanted.Gone(reason),
        // The reaper's word is minutes old when it is carried out: a push or a label may have come in between, and its webhook may be lost.
        RemovalReason.Expired when known is not null && IsOver(known) && known.HeadSha == truth.HeadSha && !truth.Labels.Contains(options.Reaper.KeepLabel) => new Wanted.Gone(reason),
        // It is open and not over, whatever was said. What is half removed, or shows an older commit, does not stay so, though.
        _ => known is null || (known.State is not PreviewState.Removing && known.HeadSha == truth.HeadSha) ? new Wanted.Unchanged() : null,
    };

    private bool IsOver(Preview known) => options.Reaper.TimeToLive != TimeSpan.Zero && known.LastActivityAt + options.Reaper.TimeToLive <= time.GetUtcNow();

    private string? WhyNoFork(GitHostKind host) => host switch
    {
        _ when !options.Forks.Allowed => "pull requests from forks have no previews here",
        // There whoever contributes to a pull request may label it.
        GitHostKind.AzureDevOps => "pull requests from forks have no previews on Azure DevOps, where anybody may set labels",
        _ => null,
    };

    private string WhyNotApproved(PullRequestTruth truth) => truth.Labels.Contains(options.Forks.Label)
        ? $"the commit {Short(truth)} is not approved: a label holds for the commit that it was set on. A maintainer who has read this one has to take the label '{options.Forks.Label}' off, wait until this comment changes, and set it again"
        : $"a maintainer has to approve a preview of a fork with the label '{options.Forks.Label}'; it holds for the commit {Short(truth)} and no later one";

    private static string Short(PullRequestTruth truth) => truth.HeadSha!.Value.Value[..12];

    private static bool Sleeps(PullRequestTruth truth, Preview? known) =>
        known is { State: PreviewState.Removed, Removal: RemovalReason.Expired or RemovalReason.ByHand } && known.HeadSha == truth.HeadSha;
}
