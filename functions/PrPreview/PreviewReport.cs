using System.Text.Json.Serialization;
using Ebb.Contracts.PullRequests;

namespace Ebb.PrPreview;

/// <summary>What a run came to.</summary>
public sealed record PreviewReport
{
    /// <summary>The outcome.</summary>
    public required PreviewOutcome Outcome { get; init; }

    /// <summary>The preview's name, where the pull request has one.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is to be seen.</summary>
    public Uri? Url { get; init; }

    /// <summary>The commit.</summary>
    public CommitSha? HeadSha { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Cause { get; init; }

    /// <summary>Keys of the branch's values that were left out, because a branch may not set them.</summary>
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>False: the host could not be asked for want of credentials, and the webhook's word was taken.</summary>
    public bool Verified { get; init; }

    /// <summary>Why the pull request could not be told, where it could not.</summary>
    public string? Untold { get; init; }
}

/// <summary>The ends of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreviewOutcome>))]
public enum PreviewOutcome
{
    /// <summary>The pull request is none of those that have previews.</summary>
    [JsonStringEnumMemberName("ignored")]
    Ignored = 1,

    /// <summary>It may have none; the cause says why.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>The newest commit runs.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It could not be brought up or removed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing of it is left.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>It was removed by hand or for its age, and stays so until something happens.</summary>
    [JsonStringEnumMemberName("asleep")]
    Asleep,

    /// <summary>There was nothing to do.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>It pulls with a new robot account.</summary>
    [JsonStringEnumMemberName("renewed")]
    Renewed,
}
