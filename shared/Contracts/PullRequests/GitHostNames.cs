namespace Ebb.Contracts.PullRequests;

/// <summary>The names of host products in URLs, settings and messages.</summary>
public static class GitHostNames
{
    private static readonly Dictionary<string, GitHostKind> Kinds = new(StringComparer.Ordinal)
    {
        ["github"] = GitHostKind.GitHub,
        ["gitlab"] = GitHostKind.GitLab,
        ["gitea"] = GitHostKind.Gitea,
        ["forgejo"] = GitHostKind.Forgejo,
        ["bitbucket-cloud"] = GitHostKind.BitbucketCloud,
        ["bitbucket-server"] = GitHostKind.BitbucketServer,
        ["azure-devops"] = GitHostKind.AzureDevOps,
    };

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> All => Kinds.Keys;

    /// <summary>The product of a name, in small letters.</summary>
    public static bool TryParse(string? name, out GitHostKind kind)
    {
        kind = default;
        return name is not null && Kinds.TryGetValue(name, out kind);
    }

    /// <summary>The name of a product.</summary>
    public static string Name(this GitHostKind kind) => Kinds.First(pair => pair.Value == kind).Key;
}
