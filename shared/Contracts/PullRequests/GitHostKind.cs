using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>The product that a Git host runs: it decides the dialect of payloads, signatures and API. <see cref="GitHostNames"/> has the names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GitHostKind>))]
public enum GitHostKind
{
    /// <summary>GitHub, and GitHub Enterprise Server.</summary>
    [JsonStringEnumMemberName("github")]
    GitHub = 1,

    /// <summary>GitLab, hosted or self-managed.</summary>
    [JsonStringEnumMemberName("gitlab")]
    GitLab,

    /// <summary>Gitea.</summary>
    [JsonStringEnumMemberName("gitea")]
    Gitea,

    /// <summary>Forgejo.</summary>
    [JsonStringEnumMemberName("forgejo")]
    Forgejo,

    /// <summary>Bitbucket Cloud.</summary>
    [JsonStringEnumMemberName("bitbucket-cloud")]
    BitbucketCloud,

    /// <summary>Bitbucket Data Center (formerly Server).</summary>
    [JsonStringEnumMemberName("bitbucket-server")]
    BitbucketServer,

    /// <summary>Azure DevOps, Services or Server.</summary>
    [JsonStringEnumMemberName("azure-devops")]
    AzureDevOps,
}
