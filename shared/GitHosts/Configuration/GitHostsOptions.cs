using Ebb.Contracts.PullRequests;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.GitHosts.Configuration;

/// <summary>The section <c>Git:Hosts</c>.</summary>
public static class GitHostsOptions
{
    /// <summary>Reads every host; every problem is added, and a host with problems left out.</summary>
    public static IReadOnlyList<GitHostOptions> From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        return [.. new SettingsReader(configuration, problems, "Git").Sections("Hosts", GitHostReader.Read).OfType<GitHostOptions>()];
    }

    /// <summary>Where a product is when nobody says; null for those that are always somebody's own.</summary>
    internal static Uri? DefaultAddress(GitHostKind kind) => kind switch
    {
        GitHostKind.GitHub => new Uri("https://api.github.com"),
        GitHostKind.GitLab => new Uri("https://gitlab.com"),
        GitHostKind.BitbucketCloud => new Uri("https://api.bitbucket.org"),
        _ => null,
    };
}
