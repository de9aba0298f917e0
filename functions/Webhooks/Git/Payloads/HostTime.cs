using System.Globalization;

namespace Ebb.Webhooks.Git.Payloads;

/// <summary>
/// The ways hosts write a time: ISO 8601, with <c>+0000</c> (Bitbucket Data Center), as <c>2017-12-10 17:01:11 UTC</c> (GitLab), or in
/// milliseconds since 1970 (Bitbucket Data Center).
/// </summary>
internal static class HostTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.ffffff'000'K", "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd HH:mm:ss zzz",
    ];

    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(WithColon(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;

    public static DateTimeOffset? FromEpoch(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    // +0000 is ISO 8601's basic form of an offset; .NET reads the extended one.
    private static string? WithColon(string? text) =>
        text is { Length: > 5 } && (text[^5] is '+' or '-') && text.AsSpan(text.Length - 4).IndexOfAnyExceptInRange('0', '9') < 0
            ? text.Insert(text.Length - 2, ":")
            : text;
}
