using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Configuration;

/// <summary>A whole-string <c>%Setting%</c> in a trigger attribute.</summary>
internal static class SettingReference
{
    /// <summary>The text itself, or the value of the setting it names; null, with a problem noted, when that has none.</summary>
    public static string? Expand(string text, string what, string function, IConfiguration configuration, List<string> problems)
    {
        if (text.Length < 3 || text[0] != '%' || text[^1] != '%')
        {
            return text;
        }

        var key = text[1..^1];
        if (new SettingsReader(configuration, []).Text(key, $"the {what} of {function}") is { } value)
        {
            return value;
        }

        problems.Add(
            $"Function '{function}': its {what} is %{key}%, but the setting '{key}' has no value. Set the environment variable " +
            $"{key.Replace(":", "__", StringComparison.Ordinal)}, or start with --{key}=<value>.");
        return null;
    }
}
