using System.Text.Json.Serialization;

namespace Ebb.Contracts.PullRequests;

/// <summary>The state of a pull request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PullRequestState>))]
public enum PullRequestState
{
    /// <summary>Open; a draft is open too.</summary>
    [JsonStringEnumMemberName("open")]
    Open = 1,

    /// <summary>Closed without being merged.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>Merged.</summary>
    [JsonStringEnumMemberName("merged")]
    Merged,
}
