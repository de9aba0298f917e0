using System.Text.Json.Serialization;

namespace Ebb.Contracts.Previews;

/// <summary>Why a preview is removed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RemovalReason>))]
public enum RemovalReason
{
    /// <summary>The pull request was closed or merged, or no longer asks for a preview.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed = 1,

    /// <summary>Nothing happened in it for longer than its time to live. A push brings it back.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Somebody asked for it. A push brings it back.</summary>
    [JsonStringEnumMemberName("byHand")]
    ByHand,
}
