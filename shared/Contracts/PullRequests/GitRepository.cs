using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>A repository at its host. Equal only when both parts are; <see cref="Id"/> alone says whether it is the same one after a rename.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GitRepository
{
    /// <summary>The longest <see cref="Id"/>.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The longest <see cref="FullName"/>.</summary>
    public const int MaxNameLength = 512;

    /// <summary>
    /// What stays when it is renamed: a number (GitHub, GitLab, Gitea, Forgejo, Bitbucket Data Center) or a UUID without braces (Bitbucket
    /// Cloud, Azure DevOps).
    /// </summary>
    public required string Id { get; init; }

    /// <summary>
    /// The path people know: <c>owner/name</c>, GitLab's <c>group/subgroup/name</c>, Bitbucket's <c>workspace/name</c> or
    /// <c>KEY/slug</c>, Azure DevOps' <c>Project/Repository</c> (which may hold blanks).
    /// </summary>
    public required string FullName { get; init; }

    /// <summary>Whether both parts can be what a host names: no empty, <c>.</c> or <c>..</c> segment, no control character, nothing over length.</summary>
    [JsonIgnore]
    public bool IsValid => IsId(Id) && IsPath(FullName);

    private static bool IsId(string id) => id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsPath(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && !name.Any(c => char.IsControl(c) || c is '\\' or '?' or '#')
        && name.Split('/') is { Length: >= 2 } segments
        && segments.All(segment => segment.Trim() is { Length: > 0 } and not ("." or ".."));
}
