using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.Rendering;

/// <summary>Which preview of which pull request it is about.</summary>
internal sealed record PreviewSubject
{
    public required PreviewName Name { get; init; }

    public required AppName App { get; init; }

    public required string Server { get; init; }

    public required GitHostKind Host { get; init; }

    public required GitRepository Repository { get; init; }

    public required int Number { get; init; }

    public bool IsFork { get; init; }

    /// <summary>The pull request, as <see cref="PullRequestEvent.Key"/>.</summary>
    public string Key => $"{Server}/{Repository.Id}/{Number}";
}
