using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>What happened to a pull request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PullRequestAction>))]
public enum PullRequestAction
{
    /// <summary>It was opened.</summary>
    [JsonStringEnumMemberName("opened")]
    Opened = 1,

    /// <summary>Its source branch has other commits.</summary>
    [JsonStringEnumMemberName("pushed")]
    Pushed,

    /// <summary>Title, target, draft or labels changed, or the host does not say what.</summary>
    [JsonStringEnumMemberName("edited")]
    Edited,

    /// <summary>It was opened again.</summary>
    [JsonStringEnumMemberName("reopened")]
    Reopened,

    /// <summary>It was closed without being merged: declined or abandoned.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>It was merged.</summary>
    [JsonStringEnumMemberName("merged")]
    Merged,

    /// <summary>It was deleted (Bitbucket Data Center): the host knows it no longer, and answers 404 when it is asked.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
