using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Rendering;

/// <summary>Which preview of which pull request it is about.</summary>
internal sealed record PreviewSubject
{
    public required AppName App { get; init; }

    public required PullRequestAddress PullRequest { get; init; }

    public required bool IsFork { get; init; }

    public PreviewName Name => PreviewName.For(App, PullRequest.Number);
}
