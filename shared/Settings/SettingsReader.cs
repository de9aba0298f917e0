using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Ebb.Settings;

/// <summary>
/// Reads one section's settings by their types. What is wrong is noted, all of it, each with key, value and what would be right, and the
/// default taken. To read a setting is to declare it: a <see cref="SettingsCatalog"/> lists what was read.
/// </summary>
public sealed partial class SettingsReader
{
    internal const string AnyText = "a text";

    private readonly IConfiguration _configuration;
    private readonly SettingsCatalog? _catalog;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a section, or with an empty path the whole configuration.</summary>
    public SettingsReader(IConfiguration configuration, ICollection<string> problems, string path = "")
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(path);
        (_configuration, _catalog, Problems, Path) = (configuration, configuration as SettingsCatalog, problems, path);
    }

    /// <summary>The section's whole key; empty for all.</summary>
    public string Path { get; }

    /// <summary>The section's own name.</summary>
    public string Name => ConfigurationPath.GetSectionKey(Path);

    /// <summary>What is wrong.</summary>
    public ICollection<string> Problems { get; }

    /// <summary>Whether anything is written in the section.</summary>
    public bool Exists => Path.Length == 0 || _configuration.GetSection(Path).Exists();

    /// <summary>A section in this one.</summary>
    public SettingsReader Section(string key) => new(_configuration, Problems, NameOf(key));

    /// <summary>The same section, whose problems nobody hears of: what it says does not matter, as the setting that turns it on is not there.</summary>
    public SettingsReader Unheard() => new(_configuration, [], Path);

    /// <summary>The sections in one of this one, such as <c>0</c>, <c>1</c> … or names that people chose. A catalog lists one more, <c>&lt;n&gt;</c>, in their place.</summary>
    /// <param name="key">Where they are.</param>
    /// <param name="read">Reads one.</param>
    public IReadOnlyList<T> Sections<T>(string key, Func<SettingsReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _known.Add(key);
        if (_catalog is not null)
        {
            read(new(_configuration, [], NameOf($"{key}:<n>")));
        }

        return [.. _configuration.GetSection(NameOf(key)).GetChildren().Select(child => read(new(_configuration, Problems, child.Path)))];
    }

    /// <summary>A text without blanks around it; null where there is none.</summary>
    public string? Text(SettingKey key, string form = AnyText) => Find(key, form, null);

    /// <summary>A text without blanks around it.</summary>
    public string Text(SettingKey key, string fallback, string form) => Find(key, form, fallback) ?? fallback;

    /// <summary>A text that meets a condition; null where there is none, or a wrong one.</summary>
    public string? Text(SettingKey key, string form, Func<string, bool> isValid)
    {
        ArgumentNullException.ThrowIfNull(isValid);
        return Parsed<string?>(key, form, Valid(isValid)!, null);
    }

    /// <summary>A text that is never shown, with the blanks around it, which may be part of a password; null where there is none.</summary>
    public string? Secret(SettingKey key, string form = "a secret; a file is better") => Find(key, form, null, isSecret: true);

    /// <summary>A text of a pattern. Without a fallback it has to be there; the default is then empty.</summary>
    public string Matching(SettingKey key, string? fallback, Regex pattern, string form)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return Find(key, form, fallback) switch
        {
            { } text when pattern.IsMatch(text) => text,
            { } text => Wrong(key, text, form, fallback ?? ""),
            null => fallback ?? Missing(key, form, ""),
        };
    }

    /// <summary>A DNS name. Without a fallback it has to be there; the default is then empty.</summary>
    public string DnsName(SettingKey key, string? fallback) =>
        Matching(key, fallback, DnsNamePattern(), "a DNS name in small letters such as preview.example.com");

    /// <summary>A name of a Kubernetes object or namespace (RFC 1123 label).</summary>
    public string KubernetesName(SettingKey key, string fallback) =>
        Matching(key, fallback, LabelPattern(), $"small letters, digits and '-', at most 63, such as {fallback}");

    /// <summary>True or false.</summary>
    public bool Flag(SettingKey key, bool fallback = false) =>
        Parsed(key, "true or false", bool.TryParse, fallback, fallback ? "true" : "false");

    /// <summary>A whole number, both limits included.</summary>
    public int Number(SettingKey key, int fallback, int minimum, int maximum) => Parsed(
        key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"),
        (string text, out int number) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= minimum && number <= maximum,
        fallback, fallback.ToString(CultureInfo.InvariantCulture));

    /// <summary>A duration, both limits included.</summary>
    public TimeSpan Duration(SettingKey key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum) => Parsed(
        key, $"a duration as hh:mm:ss from {Shown(minimum)} to {Shown(maximum)}",
        // "5" alone would be five days; that is never what a person means.
        (string text, out TimeSpan span) =>
            TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span) && span >= minimum && span <= maximum && (text.Contains(':', StringComparison.Ordinal) || text == "0"),
        fallback, Shown(fallback));

    /// <summary>One of several words, in capital or small letters.</summary>
    public T Choice<T>(SettingKey key, string form, T fallback, params (string Word, T Value)[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return Parsed(key, form, (string text, [MaybeNullWhen(false)] out T value) => TryChoose(text, choices, out value), fallback, Array.Find(choices, choice => Equals(choice.Value, fallback)).Word);
    }

    /// <summary>What a parser makes of the text; the default where there is none.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="form">What can be written.</param>
    /// <param name="parse">Reads it.</param>
    /// <param name="fallback">What holds where nothing is written, or what is wrong.</param>
    /// <param name="shown">How the default is written; null where there is none.</param>
    public T Parsed<T>(SettingKey key, string form, SettingParser<T> parse, T fallback, string? shown = null)
    {
        ArgumentNullException.ThrowIfNull(parse);
        return Find(key, form, shown) is not { } text ? fallback : parse(text, out var value) ? value : Wrong(key, text, form, fallback);
    }

    /// <summary>The same for what must be there; null where it is not, or is wrong.</summary>
    public T? Required<T>(SettingKey key, string form, SettingParser<T> parse)
        where T : class => Find(key, form, null) is null ? Missing<T?>(key, form, null) : Parsed<T?>(key, form, parse!, null);

    /// <summary>The entries of <c>key:0</c>, <c>key:1</c> … or of one text with commas between them.</summary>
    public IReadOnlyList<string> Texts(SettingKey key, string form, string fallback = "")
    {
        var given = Find(key, $"{form}, as a list or with commas between them", fallback.Length == 0 ? null : fallback) ?? fallback;
        var entries = _configuration.GetSection(NameOf(key.Name)).GetChildren().Select(child => child.Value).OfType<string>().ToList();
        return [.. (entries.Count > 0 ? entries : [given]).SelectMany(entry => entry.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    /// <summary>The same, each read by a parser; wrong ones are left out.</summary>
    public IReadOnlyList<T> All<T>(SettingKey key, string form, SettingParser<T> parse, string fallback = "")
    {
        ArgumentNullException.ThrowIfNull(parse);
        var values = new List<T>();
        foreach (var text in Texts(key, form, fallback))
        {
            if (parse(text, out var value))
            {
                values.Add(value);
            }
            else
            {
                Problems.Add($"{NameOf(key.Name)} holds '{SettingText.Shown(text)}'; write {form}.");
            }
        }

        return values;
    }

    /// <summary>The same, each meeting a condition; wrong ones are left out.</summary>
    public IReadOnlyList<string> All(SettingKey key, string form, Func<string, bool> isValid, string fallback = "")
    {
        ArgumentNullException.ThrowIfNull(isValid);
        return All(key, form, Valid(isValid), fallback);
    }

    /// <summary>A file that is there; null where none is named.</summary>
    public string? ExistingFile(SettingKey key, string what = "a file")
    {
        var path = Find(key, $"the path of {what}", null);
        if (path is not null && !File.Exists(path))
        {
            return Problem($"{NameOf(key.Name)} is '{SettingText.Shown(path)}', which does not exist; mount {what} there or correct the path.", path);
        }

        return path;
    }

    /// <summary>An address by http or https without user, query and fragment; its text may hold a password and is not shown when it is wrong.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="example">Such a one.</param>
    /// <param name="plainHttp">The flag that allows plain HTTP to another machine.</param>
    /// <param name="fallback">What holds where nothing is written.</param>
    public Uri? Address(SettingKey key, string example, SettingKey? plainHttp = null, Uri? fallback = null)
    {
        var form = $"a URL such as {example} (no user, query or fragment)";
        if (Find(key, form, fallback?.OriginalString) is not { } text)
        {
            return fallback;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return Problem($"{NameOf(key.Name)} is no such URL; write {form}.", fallback);
        }

        return plainHttp is { } flag && uri.Scheme == "http" && !uri.IsLoopback && !Flag(flag)
            ? Problem($"{NameOf(key.Name)} '{text}' would send everything unencrypted; use https, or set {NameOf(flag.Name)} to true.", fallback)
            : uri;
    }

    /// <summary>Notes a setting that is not there though it must be.</summary>
    public T Missing<T>(SettingKey key, string form, T fallback) => Problem($"{NameOf(key.Name)} is not set; write {form}.", fallback);

    /// <summary>Notes a setting whose value cannot be taken.</summary>
    public T Wrong<T>(SettingKey key, string value, string form, T fallback) => Problem($"{NameOf(key.Name)} is '{SettingText.Shown(value)}'; write {form}.", fallback);

    /// <summary>What is wrong with keys of the section that this has not read.</summary>
    public IEnumerable<string> Unknown(params string[] except) => _configuration.GetSection(Path).GetChildren().Select(child => child.Key)
        .Where(key => !_known.Contains(key) && !except.Contains(key, StringComparer.OrdinalIgnoreCase))
        .Select(key => $"{NameOf(key)} is not known; known are {string.Join(", ", _known.Order(StringComparer.OrdinalIgnoreCase))}.");

    /// <summary>The whole key of one of the section's settings.</summary>
    public string NameOf(string key) => Path.Length == 0 ? key : key.Length == 0 ? Path : ConfigurationPath.Combine(Path, key);

    private string? Find(SettingKey key, string form, string? fallback, bool isSecret = false)
    {
        _known.Add(key.Name.Split(':')[0]);
        var found = Array.Find([NameOf(key.Name), .. key.Aliases ?? []], name => !string.IsNullOrWhiteSpace(_configuration[name]));
        _catalog?.Add(NameOf(key.Name), form, fallback, key.Aliases ?? [], found, isSecret);
        return found is null ? null : isSecret ? _configuration[found] : _configuration[found]!.Trim();
    }

    // A setting that several look at is wrong once.
    private T Problem<T>(string problem, T fallback)
    {
        if (!Problems.Contains(problem))
        {
            Problems.Add(problem);
        }

        return fallback;
    }

    private static SettingParser<string> Valid(Func<string, bool> isValid) => (string text, [MaybeNullWhen(false)] out string valid) =>
    {
        valid = text;
        return isValid(text);
    };

    // Without the zeros at the end of a fraction, which may follow a colon only: 7.00:00:00 has days.
    private static string Shown(TimeSpan span) => span.ToString() is var text && text.LastIndexOf('.') > text.LastIndexOf(':') ? text.TrimEnd('0') : text;

    private static bool TryChoose<T>(string text, (string Word, T Value)[] choices, [MaybeNullWhen(false)] out T value)
    {
        var chosen = Array.FindIndex(choices, choice => choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = chosen < 0 ? default : choices[chosen].Value;
        return chosen >= 0;
    }

    [GeneratedRegex(@"\A(?=.{1,190}\z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DnsNamePattern();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LabelPattern();
}
