using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Primitives;

namespace Ebb.Settings;

/// <summary>
/// A configuration that notes what is read from it by a <see cref="SettingsReader"/>: so the page of all settings and <c>ebb settings</c>
/// cannot differ from what the code reads.
/// </summary>
/// <param name="configuration">What is read.</param>
public sealed class SettingsCatalog(IConfiguration configuration) : IConfiguration
{
    private readonly ConcurrentDictionary<string, Setting> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything that was read, by name.</summary>
    public IReadOnlyList<Setting> Settings => [.. _settings.Values.OrderBy(setting => setting.Name, StringComparer.OrdinalIgnoreCase)];

    /// <inheritdoc/>
    public string? this[string key]
    {
        get => configuration[key];
        set => configuration[key] = value;
    }

    /// <inheritdoc/>
    public IConfigurationSection GetSection(string key) => configuration.GetSection(key);

    /// <inheritdoc/>
    public IEnumerable<IConfigurationSection> GetChildren() => configuration.GetChildren();

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => configuration.GetReloadToken();

    /// <summary>What is written in a section that has known settings, and is none of them.</summary>
    public IEnumerable<string> Unknown()
    {
        var known = Settings.Select(setting => setting.Name.Split(':')).ToList();
        return configuration.GetChildren()
            .Where(section => known.Any(name => name.Length > 1 && name[0].Equals(section.Key, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(Leaves)
            .Where(path => !known.Any(name => Covers(name, path.Split(':'))))
            .Select(path => $"{path} is not known, and nothing reads it.");
    }

    private static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren().ToList() is { Count: > 0 } children ? children.SelectMany(Leaves) : [section.Path];

    // An entry of a list stands below the list's own name.
    private static bool Covers(string[] name, string[] path) => path.Length >= name.Length
        && name.Zip(path).All(part => part.First == "<n>" || part.First.Equals(part.Second, StringComparison.OrdinalIgnoreCase))
        && path.Skip(name.Length).All(part => int.TryParse(part, out _));

    internal void Add(string name, string form, string? fallback, string[] aliases, string? found, bool isSecret)
    {
        var value = found is null ? null : configuration[found];
        var setting = new Setting(name, form, fallback, aliases, value is null ? null : isSecret ? "(set)" : SettingText.Shown(value), found is null ? null : SourceOf(found));
        // Who only looks whether a setting is there says nothing of it.
        _settings.AddOrUpdate(name, setting, (_, known) => known.Form == SettingsReader.AnyText ? setting : known);
    }

    private string? SourceOf(string key) => (configuration as IConfigurationRoot)?.Providers.Reverse().FirstOrDefault(provider => provider.TryGet(key, out _)) switch
    {
        EnvironmentVariablesConfigurationProvider => $"environment ({key.Replace(":", "__", StringComparison.Ordinal)})",
        CommandLineConfigurationProvider => "command line",
        JsonConfigurationProvider file => Path.GetFileName(file.Source.Path),
        null => null,
        _ => "app",
    };
}
