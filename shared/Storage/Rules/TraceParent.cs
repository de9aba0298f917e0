namespace Ebb.Storage.Rules;

/// <summary>The W3C Trace Context header (level 1, section 3.2.2): version, trace id, parent id, flags.</summary>
internal static class TraceParent
{
    /// <summary>The trace id; null when there is none or the header is malformed.</summary>
    public static string? TraceId(string? header) =>
        header?.Split('-') is [{ Length: 2 }, { Length: 32 } traceId, { Length: 16 }, ..]
        && traceId.All(char.IsAsciiHexDigitLower)
            ? traceId
            : null;
}
