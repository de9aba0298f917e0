namespace Ebb.Oci;

/// <summary>A registry's pull quota, from its last answer (Docker Hub's <c>ratelimit-remaining: 76;w=21600</c>).</summary>
/// <param name="Remaining">Pulls left in the window.</param>
/// <param name="Limit">Pulls per window; null when not told.</param>
/// <param name="Window">The window; null when not told.</param>
/// <param name="Seen">When it was told.</param>
public sealed record RateLimit(int Remaining, int? Limit, TimeSpan? Window, DateTimeOffset Seen)
{
    internal static RateLimit? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Header(response, "ratelimit-remaining") is not { } remaining || !int.TryParse(remaining.Split(';')[0], out var left))
        {
            return null;
        }

        int? limit = int.TryParse(Header(response, "ratelimit-limit")?.Split(';')[0], out var l) ? l : null;
        TimeSpan? window = remaining.Split(";w=") is [_, var w] && int.TryParse(w, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
        return new RateLimit(left, limit, window, now);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
