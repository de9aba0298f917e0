using Ebb.Contracts.PullRequests;

namespace Ebb.Webhooks.Git.Hooks;

/// <summary>One configured hook: <c>Git:Hooks:&lt;name&gt;</c>.</summary>
/// <param name="Name">The last segment of its URL: 1 to 63 small letters, digits and hyphens.</param>
/// <param name="Host">The product that calls it, and the segment before.</param>
/// <param name="Server">The host's name in <c>Git:Hosts</c>; by default the product's.</param>
internal sealed record GitHook(string Name, GitHostKind Host, string Server)
{
    /// <summary>The repositories whose events count, <c>owner/name</c> or <c>owner/*</c>; none means all that the secret's owner sends.</summary>
    public IReadOnlyList<RepositoryPattern> Repositories { get; init; } = [];

    /// <summary>The header that carries the secret instead of Basic; Azure DevOps only.</summary>
    public string? Header { get; init; }

    /// <summary>Whether events of a repository count.</summary>
    public bool Covers(string fullName) => Repositories.Count == 0 || Repositories.Any(pattern => pattern.Covers(fullName));
}
