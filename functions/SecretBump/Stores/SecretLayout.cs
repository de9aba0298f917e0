using System.Diagnostics.CodeAnalysis;

namespace Ebb.SecretBump.Stores;

/// <summary>
/// Where in the engine an application's secret is: a path with <c>{application}</c> and after it <c>{environment}</c>, each a segment
/// of its own, such as <c>application/{application}/{environment}/docker</c>.
/// </summary>
public sealed record SecretLayout
{
    public const string Default = "application/{application}/{environment}/docker";
    private const string Application = "{application}";
    private const string Environment = "{environment}";
    private readonly string[] _segments;

    private SecretLayout(string[] segments) => _segments = segments;

    public static SecretLayout Standard { get; } = new(Default.Split('/'));

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretLayout? layout)
    {
        var segments = text?.Split('/') ?? [];
        var isLayout = segments.Count(segment => segment == Application) == 1
            && segments.Count(segment => segment == Environment) == 1
            && Array.IndexOf(segments, Application) < Array.IndexOf(segments, Environment)
            && segments.All(segment => segment is Application or Environment || SecretPlace.IsName(segment));
        layout = isLayout ? new SecretLayout(segments) : null;
        return isLayout;
    }

    public string PathOf(SecretPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Join(_segments.Select(segment => segment switch { Application => place.Application, Environment => place.Environment, _ => segment }));
    }

    /// <summary>The folder that lists the applications; empty: the engine's root.</summary>
    public string ApplicationsFolder => Join(_segments.TakeWhile(segment => segment != Application));

    /// <summary>The folder that lists an application's environments.</summary>
    public string EnvironmentsFolder(string application) =>
        Join(_segments.TakeWhile(segment => segment != Environment).Select(segment => segment == Application ? application : segment));

    /// <summary>True when an environment is a folder, and not the secret itself.</summary>
    public bool EnvironmentIsFolder => _segments[^1] != Environment;

    public override string ToString() => Join(_segments);

    private static string Join(IEnumerable<string> segments) => string.Join('/', segments);
}
