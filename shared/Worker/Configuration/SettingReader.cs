using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Configuration;

/// <summary>Reads typed settings; notes the wrong ones and gives the default for them.</summary>
internal sealed class SettingReader(IConfiguration configuration, List<string> problems)
{
    public string Text(string key, string fallback) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : fallback;

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        if (configuration[key] is not { } text)
        {
            return fallback;
        }

        // "5" alone would be five days; that is never what a person means.
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        problems.Add($"{key} is '{text}'; it must be a duration as hh:mm:ss from {minimum} to {maximum}, such as {fallback}.");
        return fallback;
    }

    public long Number(string key, long fallback, long minimum, long maximum)
    {
        if (configuration[key] is not { } text)
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        problems.Add($"{key} is '{text}'; it must be a whole number from {minimum} to {maximum}, such as {fallback}.");
        return fallback;
    }
}
