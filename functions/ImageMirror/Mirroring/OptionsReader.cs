using System.Globalization;
using Ebb.Contracts.Images;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>Reads settings of one section by their types and collects every problem.</summary>
internal sealed class OptionsReader(IConfigurationSection section, ICollection<string> problems)
{
    public string? Text(string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();

    public string? Target(string key)
    {
        var text = Text(key);
        if (text is null || SourceName.IsTarget(text))
        {
            return text;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write a registry and path such as harbor.example.com/library.");
        return null;
    }

    public bool Flag(string key)
    {
        if (Text(key) is not { } text)
        {
            return false;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write true or false.");
        return false;
    }

    public int Number(string key, int min, int max, int fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write a number from {min} to {max}.");
        return fallback;
    }

    public TimeSpan Days(string key, int max, TimeSpan fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero && span <= TimeSpan.FromDays(max))
        {
            return span;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write days and hours such as 7.00:00:00, at most {max} days, or 0.");
        return fallback;
    }
}
