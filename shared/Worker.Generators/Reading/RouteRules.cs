using System.Text.RegularExpressions;

namespace Ebb.Worker.Generators.Reading;

/// <summary>
/// What a route template may look like: the part of ASP.NET Core's syntax that functions need. A segment is text, or one
/// parameter with optional constraints and default; a catch-all or optional parameter stands last.
/// </summary>
internal static class RouteRules
{
    private static readonly string[] Reserved = ["runs", "admin", "healthz"];

    private static readonly Regex Literal = new(@"^[A-Za-z0-9._~-]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly Regex Parameter = new(
        @"^\{(?<all>\*{1,2})?(?<name>[A-Za-z_][A-Za-z0-9_]*)(:[A-Za-z]+(\([^(){}/]*\))?)*(=[^{}/?]*)?(?<optional>\?)?\}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>What is wrong with a route; null when nothing is.</summary>
    public static string? Check(string route)
    {
        var segments = route.Split('/');
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < segments.Length; i++)
        {
            if (Literal.IsMatch(segments[i]))
            {
                continue;
            }

            var parameter = Parameter.Match(segments[i]);
            if (!parameter.Success)
            {
                return $"in the route '{route}' the segment '{segments[i]}' is neither letters, digits and - . _ ~ nor one {{parameter}}. Write it without leading slash, as 'orders/{{id}}'.";
            }

            if (!names.Add(parameter.Groups["name"].Value))
            {
                return $"the route '{route}' has the parameter '{parameter.Groups["name"].Value}' twice. Rename one.";
            }

            if (i < segments.Length - 1 && (parameter.Groups["all"].Success || parameter.Groups["optional"].Success))
            {
                return $"in the route '{route}' the parameter '{segments[i]}' must stand last. Move it, or make it a plain parameter.";
            }
        }

        return Reserved.Contains(segments[0], StringComparer.OrdinalIgnoreCase)
            ? $"the route '{route}' begins with '{segments[0]}', which belongs to the runtime. Give it another Route."
            : null;
    }

    /// <summary>What is wrong with the HTTP methods; null when nothing is.</summary>
    public static string? CheckMethods(IReadOnlyList<string> methods)
    {
        foreach (var method in methods)
        {
            if (method.Length == 0 || !method.All(c => c is >= 'A' and <= 'Z'))
            {
                return $"'{method}' is no HTTP method. Write methods as \"GET\" or \"POST\".";
            }
        }

        return methods.Distinct().Count() < methods.Count ? "an HTTP method is listed twice. Keep one." : null;
    }
}
