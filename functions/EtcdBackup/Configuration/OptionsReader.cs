using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Configuration;

/// <summary>Reads settings of the section by their types, with another name for each where there is one, and collects every problem.</summary>
internal sealed class OptionsReader(IConfiguration configuration, ICollection<string> problems)
{
    private const string Prefix = EtcdBackupOptions.Section + ":";

    public string? Text(string key, string? alias = null) =>
        Given(configuration[Prefix + key]) ?? (alias is null ? null : Given(configuration[alias]));

    /// <summary>Entries of <c>key:0</c>, <c>key:1</c> …, or of one text, separated by commas.</summary>
    public IReadOnlyList<string> Texts(string key, string? alias = null)
    {
        var entries = configuration.GetSection(Prefix + key).GetChildren().Select(child => child.Value).OfType<string>().ToList();
        return [.. (entries.Count > 0 ? entries : [Text(key, alias) ?? ""])
            .SelectMany(entry => entry.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    public bool Flag(string key, bool fallback, string? alias = null)
    {
        if (Text(key, alias) is not { } text)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        Problem(key, text, "write true or false");
        return fallback;
    }

    public int Number(string key, int fallback, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Problem(key, text, $"write a whole number from {min} to {max}");
        return fallback;
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= min && span <= max)
        {
            return span;
        }

        Problem(key, text, $"write a duration as hh:mm:ss from {min} to {max}");
        return fallback;
    }

    public void Problem(string key, string? value, string remedy) =>
        problems.Add(value is null ? $"{Prefix}{key} is not set; {remedy}." : $"{Prefix}{key} is '{value}'; {remedy}.");

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
