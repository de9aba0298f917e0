using System.Text.RegularExpressions;
using Ebb.Storage;
using Microsoft.Extensions.Configuration;

namespace Ebb.PrPreview.Settings;

/// <summary>Reads the settings of previews by their types and notes every problem.</summary>
internal sealed partial class SectionReader(IConfiguration configuration, List<string> problems)
{
    private readonly SettingReader _read = new(configuration, problems);

    public List<string> Problems => problems;

    public static string KeyOf(string key) => $"{PreviewOptions.Section}:{key}";

    public string? Text(string key) => _read.Text(KeyOf(key), "") is { Length: > 0 } text ? text : null;

    /// <summary>A DNS name; without a fallback it has to be given.</summary>
    public string DnsName(string key, string? fallback) =>
        Matching(key, fallback, DnsNamePattern(), "a DNS name in small letters such as preview.example.com");

    /// <summary>A name of a Kubernetes object or namespace.</summary>
    public string Label(string key, string fallback) =>
        Matching(key, fallback, LabelPattern(), "small letters, digits and '-', at most 63, such as argocd");

    public string Matching(string key, string? fallback, Regex pattern, string rule)
    {
        var text = Text(key) ?? fallback;
        if (text is not null && pattern.IsMatch(text))
        {
            return text;
        }

        problems.Add(text is null ? $"{KeyOf(key)} is missing; write {rule}." : $"{KeyOf(key)} is '{text}'; write {rule}.");
        return "";
    }

    public bool Flag(string key)
    {
        if (Text(key) is not { } text)
        {
            return false;
        }

        if (!bool.TryParse(text, out var flag))
        {
            problems.Add($"{KeyOf(key)} is '{text}'; write true or false.");
        }

        return flag;
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum) => _read.Duration(KeyOf(key), fallback, minimum, maximum);

    public int Number(string key, int fallback, int minimum, int maximum) => (int)_read.Number(KeyOf(key), fallback, minimum, maximum);

    [GeneratedRegex(@"\A(?=.{1,190}\z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DnsNamePattern();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LabelPattern();
}
