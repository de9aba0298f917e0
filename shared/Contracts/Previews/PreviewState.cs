using System.Text.Json.Serialization;

namespace Ebb.Contracts.Previews;

/// <summary>Where a preview stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreviewState>))]
public enum PreviewState
{
    /// <summary>As many previews as are allowed run already; it waits for a place.</summary>
    [JsonStringEnumMemberName("waitingForPlace")]
    WaitingForPlace = 1,

    /// <summary>The pipeline has not pushed the image of the newest commit yet.</summary>
    [JsonStringEnumMemberName("waitingForImage")]
    WaitingForImage,

    /// <summary>Its objects are being written.</summary>
    [JsonStringEnumMemberName("preparing")]
    Preparing,

    /// <summary>Its objects are in the cluster; Argo CD brings them up.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>The newest commit runs.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It could not be brought up; <see cref="Preview.Cause"/> says why. A push tries again.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It is being removed.</summary>
    [JsonStringEnumMemberName("removing")]
    Removing,

    /// <summary>Nothing of it is left. Kept for a while, so that late events do not bring it back.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,
}
