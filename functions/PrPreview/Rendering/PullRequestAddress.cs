using Ebb.Contracts.Previews;
using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview.Rendering;

/// <summary>Which pull request it is about.</summary>
internal sealed record PullRequestAddress(string Server, GitHostKind Host, GitRepository Repository, int Number)
{
    /// <summary>Names it for good, as <see cref="PullRequestEvent.Key"/>.</summary>
    public string Key => $"{RepositoryKey}/{Number}";

    /// <summary>Names its repository for good.</summary>
    public string RepositoryKey => $"{Server}/{Repository.Id}";

    /// <summary>The pull request that a preview is of.</summary>
    public static PullRequestAddress Of(Preview preview) => new(preview.Server, preview.Host, preview.Repository, preview.Number);
}
