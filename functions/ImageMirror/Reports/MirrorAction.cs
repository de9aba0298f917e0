using System.Text.Json.Serialization;

namespace Ebb.ImageMirror.Reports;

/// <summary>What a mirror did with one image, or with <c>dryRun</c> would do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MirrorAction>))]
public enum MirrorAction
{
    /// <summary>Source, target and signature agree; nothing was written.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>The target had no such tag.</summary>
    [JsonStringEnumMemberName("copied")]
    Copied,

    /// <summary>The target's tag was moved, or referrers were added to it.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>Only signatures were missing.</summary>
    [JsonStringEnumMemberName("signed")]
    SignatureAdded,

    /// <summary>The source's tag is no longer the approved digest. Its new content was not mirrored; somebody must look.</summary>
    [JsonStringEnumMemberName("drift")]
    Drift,

    /// <summary>Something failed; the target's tag is as it was.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Would be <see cref="Copied"/>.</summary>
    [JsonStringEnumMemberName("would-copy")]
    WouldCopy,

    /// <summary>Would be <see cref="Updated"/>.</summary>
    [JsonStringEnumMemberName("would-update")]
    WouldUpdate,

    /// <summary>Would be <see cref="SignatureAdded"/>.</summary>
    [JsonStringEnumMemberName("would-sign")]
    WouldSign,
}
