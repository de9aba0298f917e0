using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Ebb.Storage;

/// <summary>Reads typed settings; notes the wrong ones and gives the default for them.</summary>
public sealed class SettingReader
{
    private readonly IConfiguration _configuration;
    private readonly List<string> _problems;

    /// <summary>Reads from <paramref name="configuration"/> and notes into <paramref name="problems"/>.</summary>
    public SettingReader(IConfiguration configuration, List<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        (_configuration, _problems) = (configuration, problems);
    }

    /// <summary>A text without blanks around it.</summary>
    public string Text(string key, string fallback) =>
        _configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : fallback;

    /// <summary>A duration, both limits included.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        if (_configuration[key] is not { } text)
        {
            return fallback;
        }

        // "5" alone would be five days; that is never what a person means.
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        _problems.Add($"{key} is '{text}'; it must be a duration as hh:mm:ss from {minimum} to {maximum}, such as {fallback}.");
        return fallback;
    }

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool fallback)
    {
        if (_configuration[key] is not { } text)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        _problems.Add($"{key} is '{text}'; it must be true or false.");
        return fallback;
    }

    /// <summary>A whole number, both limits included.</summary>
    public long Number(string key, long fallback, long minimum, long maximum)
    {
        if (_configuration[key] is not { } text)
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        _problems.Add($"{key} is '{text}'; it must be a whole number from {minimum} to {maximum}, such as {fallback}.");
        return fallback;
    }
}
