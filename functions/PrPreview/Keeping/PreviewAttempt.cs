using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.State;
using Ebb.PrPreview.Truth;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.PrPreview.Keeping;

/// <summary>One attempt at one preview, under its key.</summary>
internal sealed class PreviewAttempt
{
    public required PreviewSubject Subject { get; init; }

    public required PullRequestTruth Truth { get; init; }

    public required Occasion Occasion { get; init; }

    public required FunctionContext Context { get; init; }

    /// <summary>Where the preview is stored, as long as its key is held.</summary>
    public required PreviewDocuments Documents { get; init; }

    /// <summary>The commit of a fork that is approved; null for none.</summary>
    public CommitSha? Approved { get; init; }

    /// <summary>Where the preview is to be seen.</summary>
    public required Uri Url { get; init; }

    /// <summary>What is known of the preview, as it is stored.</summary>
    public Preview? Known { get; set; }

    /// <summary>Keys of the branch's values that were left out; null where the values were not read in this attempt.</summary>
    public IReadOnlyList<string>? LeftOut { get; set; }

    /// <summary>Why the pull request could not be told last.</summary>
    public string? Untold { get; set; }

    /// <summary>The commit that it is about.</summary>
    public CommitSha? HeadSha => Truth.HeadSha ?? Known?.HeadSha;

    /// <summary>The report of its end.</summary>
    public PreviewReport Report(PreviewOutcome outcome, string? cause = null) => new()
    {
        Outcome = outcome,
        Name = Subject.Name.Value,
        Url = outcome is PreviewOutcome.Ready ? Url : null,
        HeadSha = HeadSha,
        Cause = cause,
        LeftOut = LeftOutKeys.List(LeftOut is null ? Known?.LeftOut : LeftOutKeys.Text(LeftOut)) is { Count: > 0 } keys ? keys : null,
        Verified = Truth.IsVerified,
        Untold = Untold,
    };
}
