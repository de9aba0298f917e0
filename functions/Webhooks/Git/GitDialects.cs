using Ebb.Contracts.PullRequests;
using Ebb.Webhooks.Git.Credentials;
using Ebb.Webhooks.Git.Dialects;
using Ebb.Webhooks.Git.Hooks;

namespace Ebb.Webhooks.Git;

/// <summary>What is particular to each product: how it signs and how it speaks.</summary>
internal sealed class GitDialects(GitHooksOptions options, TimeProvider time)
{
    private readonly Dictionary<GitHostKind, HostRules> _rules = new()
    {
        [GitHostKind.GitHub] = new(new GitHubDialect(), _ => new BodySignature("X-Hub-Signature-256", "sha256=")),
        [GitHostKind.GitLab] = new(new GitLabDialect(), _ => new GitLabCredential(time, options.ReplayWindow)),
        [GitHostKind.Gitea] = new(new GiteaDialect("X-Gitea"), _ => new BodySignature("X-Gitea-Signature", "")),
        [GitHostKind.Forgejo] = new(new GiteaDialect("X-Forgejo"), _ => new BodySignature("X-Forgejo-Signature", "")),
        [GitHostKind.BitbucketCloud] = new(new BitbucketCloudDialect(), _ => new BodySignature("X-Hub-Signature", "sha256=")),
        [GitHostKind.BitbucketServer] = new(new BitbucketServerDialect(), _ => new BodySignature("X-Hub-Signature", "sha256=")),
        [GitHostKind.AzureDevOps] = new(new AzureDevOpsDialect(), hook => new SentSecret(hook?.Header)),
    };

    public HostRules Of(GitHostKind kind) => _rules[kind];
}

/// <summary>The rules of one product.</summary>
/// <param name="Dialect">How it speaks.</param>
/// <param name="Check">How it shows that a delivery is its own, at a hook or, without one, at none.</param>
internal sealed record HostRules(IGitDialect Dialect, Func<GitHook?, ICredentialCheck> Check);
