using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>The query parameter <c>wait</c>: <c>30s</c>, <c>2m</c> or bare seconds.</summary>
internal static class WaitParameter
{
    public const string Rule = "it must be seconds or minutes, such as 30s or 2m; 230 seconds are waited at most";

    // The longest an idle request lives behind the load balancers Azure Functions knows.
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(230);

    /// <summary>Reads it; zero when there is none. False: it is wrong.</summary>
    public static bool TryRead(HttpRequest request, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        return request.Query["wait"] is not [{ Length: > 0 } text] || TryParse(text, out wait);
    }

    public static bool TryParse(string text, out TimeSpan wait)
    {
        var unit = char.ToLowerInvariant(text[^1]);
        var number = unit is 's' or 'm' ? text[..^1] : text;
        var parsed = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var asked = TimeSpan.FromSeconds((double)count * (unit is 'm' ? 60 : 1));
        wait = asked < Longest ? asked : Longest;
        return parsed;
    }
}
