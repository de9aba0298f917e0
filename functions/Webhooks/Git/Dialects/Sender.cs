using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Git.Dialects;

/// <summary>
/// Which product's headers a delivery has. Forgejo sends Gitea's too, and both send GitHub's; both Bitbuckets send <c>X-Event-Key</c>.
/// </summary>
internal static class Sender
{
    /// <summary>The product; null when there is none of their event headers, as with Azure DevOps.</summary>
    public static GitHostKind? Of(Delivery delivery)
    {
        if (Has("X-Forgejo-Event"))
        {
            return GitHostKind.Forgejo;
        }

        if (Has("X-Gitea-Event"))
        {
            return GitHostKind.Gitea;
        }

        if (Has("X-GitHub-Event"))
        {
            return GitHostKind.GitHub;
        }

        return Has("X-Gitlab-Event") ? GitHostKind.GitLab : delivery.Header("X-Event-Key") is { } key ? Bitbucket(key) : null;

        bool Has(string name) => delivery.Headers.ContainsKey(name);

        GitHostKind Bitbucket(string key) =>
            key.StartsWith("pullrequest:", StringComparison.Ordinal) || (Has("X-Hook-UUID") && !key.StartsWith("pr:", StringComparison.Ordinal))
                ? GitHostKind.BitbucketCloud
                : GitHostKind.BitbucketServer;
    }
}
