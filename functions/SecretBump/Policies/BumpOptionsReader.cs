using System.Globalization;
using Ebb.Contracts.Secrets;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Policies;

/// <summary>Reads the section <c>SecretBump</c> and collects every problem.</summary>
internal sealed class BumpOptionsReader(IConfiguration configuration, ICollection<string> problems)
{
    private const int MaxConflictsAllowed = 100;

    private static readonly string[] PolicyKeys = ["Policy", "Window", "After", "AutoRollback", "Namespace", "Reloader"];

    private readonly IConfigurationSection _section = configuration.GetSection("SecretBump");

    public BumpOptions Read()
    {
        var defaults = new BumpOptions();
        var zone = Zone();
        var common = EnvironmentPolicy.Open with { Namespace = Namespace(_section, "Namespace"), AutoRollback = Flag(_section, "AutoRollback", byDefault: false), Reloader = Reloader(_section, ReloaderMode.Annotated) };
        var options = new BumpOptions
        {
            TagKey = Text(_section, "TagKey") ?? defaults.TagKey,
            DefaultEnvironments = Names("DefaultEnvironments"),
            RequireImage = Image("RequireImage"),
            Default = common,
            Environments = _section.GetSection("Environments").GetChildren().ToDictionary(child => child.Key, child => Policy(child, common, zone), StringComparer.OrdinalIgnoreCase),
            StorePatience = Duration("StorePatience", defaults.StorePatience),
            MaxConflicts = Number("MaxConflicts", defaults.MaxConflicts),
            SyncTimeout = Duration("SyncTimeout", defaults.SyncTimeout),
            RolloutTimeout = Duration("RolloutTimeout", defaults.RolloutTimeout),
            PodPatience = Duration("PodPatience", defaults.PodPatience),
            ImportIdentityFile = Text(_section, "ImportIdentityFile"),
        };
        CheckAfter(options);
        return options;
    }

    private EnvironmentPolicy Policy(IConfigurationSection section, EnvironmentPolicy common, TimeZoneInfo zone)
    {
        if (!PlaceName.IsValid(section.Key))
        {
            problems.Add($"{section.Path}: '{section.Key}' is no name of an environment; write {PlaceName.Rule}.");
        }

        foreach (var key in section.GetChildren().Select(child => child.Key).Except(PolicyKeys, StringComparer.OrdinalIgnoreCase))
        {
            problems.Add($"{section.Path}:{key} is no setting of an environment; there are {string.Join(", ", PolicyKeys)}.");
        }

        return new EnvironmentPolicy
        {
            Approval = Approval(section),
            Window = Window(section, zone),
            After = Text(section, "After"),
            AutoRollback = Flag(section, "AutoRollback", common.AutoRollback),
            Namespace = Namespace(section, "Namespace") ?? common.Namespace,
            Reloader = Reloader(section, common.Reloader),
        };
    }

    private ReloaderMode Reloader(IConfigurationSection section, ReloaderMode byDefault)
    {
        switch (Text(section, "Reloader"))
        {
            case null:
                return byDefault;
            case "annotated":
                return ReloaderMode.Annotated;
            case "all":
                return ReloaderMode.All;
            case "off":
                return ReloaderMode.Off;
            case var text:
                problems.Add($"{section.Path}:Reloader is '{text}'; write annotated, all (it runs with --auto-reload-all) or off (it does not watch there).");
                return byDefault;
        }
    }

    private bool Approval(IConfigurationSection section)
    {
        var text = Text(section, "Policy") ?? "automatic";
        if (text is not ("automatic" or "approval"))
        {
            problems.Add($"{section.Path}:Policy is '{text}'; write automatic or approval.");
        }

        return text == "approval";
    }

    private DeploymentWindow? Window(IConfigurationSection section, TimeZoneInfo zone)
    {
        if (Text(section, "Window") is not { } text)
        {
            return null;
        }

        if (DeploymentWindow.TryParse(text, zone, out var window))
        {
            return window;
        }

        problems.Add($"{section.Path}:Window is '{text}'; write days and hours such as 'Mon-Fri 08:00-16:00, Sat 10:00-12:00'.");
        return null;
    }

    // A chain that leads back to itself would let nothing through.
    private void CheckAfter(BumpOptions options)
    {
        foreach (var (name, policy) in options.Environments)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { name };
            for (var after = policy.After; after is not null; after = options.PolicyOf(after).After)
            {
                if (!seen.Add(after))
                {
                    problems.Add($"SecretBump:Environments:{name}:After leads back to '{after}'; no tag could ever come first. Take one of them away.");
                    break;
                }
            }
        }
    }

    private TimeZoneInfo Zone()
    {
        var id = Text(_section, "TimeZone") ?? "UTC";
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }

        problems.Add($"SecretBump:TimeZone is '{id}'; write a zone of the IANA database such as Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    private List<string> Names(string key)
    {
        var section = _section.GetSection(key);
        var names = (section.Value is { } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : section.GetChildren().Select(child => child.Value ?? "")).ToList();
        foreach (var name in names.Where(name => !PlaceName.IsValid(name)))
        {
            problems.Add($"{section.Path} holds '{name}'; a name has {PlaceName.Rule}.");
        }

        return names;
    }

    private string? Image(string key)
    {
        var text = Text(_section, key);
        if (text is null || Oci.ImageReference.TryParse(text.Replace("{application}", "application", StringComparison.Ordinal) + ":1", out _, out _))
        {
            return text;
        }

        problems.Add($"{_section.Path}:{key} is '{text}'; write a repository such as harbor.example.com/team/{{application}}, without a tag.");
        return null;
    }

    private string? Namespace(IConfigurationSection section, string key)
    {
        var text = Text(section, key);
        var probe = text?.Replace("{application}", "a", StringComparison.Ordinal).Replace("{environment}", "e", StringComparison.Ordinal);
        if (probe is null || Kubernetes.ObjectReference.IsNamespace(probe))
        {
            return text;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write a namespace, where {{application}} and {{environment}} stand for their names.");
        return null;
    }

    private TimeSpan Duration(string key, TimeSpan fallback)
    {
        if (Text(_section, key) is not { } text)
        {
            return fallback;
        }

        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span <= TimeSpan.FromHours(1))
        {
            return span;
        }

        problems.Add($"{_section.Path}:{key} is '{text}'; write a duration as hh:mm:ss, at most an hour, such as {fallback}.");
        return fallback;
    }

    private int Number(string key, int fallback)
    {
        if (Text(_section, key) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxConflictsAllowed)
        {
            return number;
        }

        problems.Add($"{_section.Path}:{key} is '{text}'; write a number from 1 to {MaxConflictsAllowed}.");
        return fallback;
    }

    private bool Flag(IConfigurationSection section, string key, bool byDefault)
    {
        if (Text(section, key) is not { } text)
        {
            return byDefault;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        problems.Add($"{section.Path}:{key} is '{text}'; write true or false.");
        return byDefault;
    }

    private static string? Text(IConfigurationSection section, string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();
}
