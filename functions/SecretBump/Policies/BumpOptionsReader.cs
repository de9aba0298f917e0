using System.Diagnostics.CodeAnalysis;
using Ebb.Contracts.Secrets;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Policies;

/// <summary>Reads the section <c>SecretBump</c> and collects every problem.</summary>
internal sealed class BumpOptionsReader(IConfiguration configuration, ICollection<string> problems)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly SettingsReader _read = new(configuration, problems, "SecretBump");

    public BumpOptions Read()
    {
        var defaults = new BumpOptions();
        var zone = Zone();
        var common = EnvironmentPolicy.Open with { Namespace = Namespace(_read), AutoRollback = _read.Flag("AutoRollback"), Reloader = Reloader(_read, ReloaderMode.Annotated) };
        var options = new BumpOptions
        {
            TagKey = _read.Text("TagKey", defaults.TagKey, "the key that holds the tag"),
            DefaultEnvironments = _read.All("DefaultEnvironments", $"names of environments: {PlaceName.Rule}", PlaceName.IsValid),
            RequireImage = _read.Text("RequireImage", "a repository such as harbor.example.com/team/{application}, without a tag", IsImage),
            Default = common,
            Environments = _read.Sections("Environments", section => (section.Name, Policy: Policy(section, common, zone)))
                .ToDictionary(policy => policy.Name, policy => policy.Policy, StringComparer.OrdinalIgnoreCase),
            StorePatience = _read.Duration("StorePatience", defaults.StorePatience, Shortest, Hour),
            MaxConflicts = _read.Number("MaxConflicts", defaults.MaxConflicts, 1, 100),
            SyncTimeout = _read.Duration("SyncTimeout", defaults.SyncTimeout, Shortest, Hour),
            RolloutTimeout = _read.Duration("RolloutTimeout", defaults.RolloutTimeout, Shortest, Hour),
            PodPatience = _read.Duration("PodPatience", defaults.PodPatience, Shortest, Hour),
            ImportIdentityFile = _read.Text("ImportIdentityFile", "the path of a file with the worker's age identity"),
        };
        CheckAfter(options);
        return options;
    }

    private static EnvironmentPolicy Policy(SettingsReader read, EnvironmentPolicy common, TimeZoneInfo zone)
    {
        if (!PlaceName.IsValid(read.Name))
        {
            read.Problems.Add($"{read.Path}: '{read.Name}' is no name of an environment; write {PlaceName.Rule}.");
        }

        var policy = new EnvironmentPolicy
        {
            Approval = read.Choice("Policy", "automatic or approval", false, ("automatic", false), ("approval", true)),
            Window = read.Parsed<DeploymentWindow?>(
                "Window", "days and hours such as 'Mon-Fri 08:00-16:00, Sat 10:00-12:00'", (string text, out DeploymentWindow? window) => DeploymentWindow.TryParse(text, zone, out window), null),
            After = read.Text("After", "an environment in which a tag must have run healthily before"),
            AutoRollback = read.Flag("AutoRollback", common.AutoRollback),
            Namespace = Namespace(read) ?? common.Namespace,
            Reloader = Reloader(read, common.Reloader),
        };
        foreach (var unknown in read.Unknown())
        {
            read.Problems.Add(unknown);
        }

        return policy;
    }

    private static ReloaderMode Reloader(SettingsReader read, ReloaderMode fallback) => read.Choice(
        "Reloader", "annotated, all (it runs with --auto-reload-all) or off (it does not watch there)", fallback, ("annotated", ReloaderMode.Annotated), ("all", ReloaderMode.All), ("off", ReloaderMode.Off));

    private static string? Namespace(SettingsReader read) => read.Text(
        "Namespace", "a namespace, where {application} and {environment} stand for their names",
        text => Kubernetes.ObjectReference.IsNamespace(text.Replace("{application}", "a", StringComparison.Ordinal).Replace("{environment}", "e", StringComparison.Ordinal)));

    private static bool IsImage(string text) =>
        Oci.ImageReference.TryParse(text.Replace("{application}", "application", StringComparison.Ordinal) + ":1", out _, out _);

    private TimeZoneInfo Zone() => _read.Parsed(
        "TimeZone", "a zone of the IANA database such as Europe/Berlin", (string text, [MaybeNullWhen(false)] out TimeZoneInfo zone) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out zone), TimeZoneInfo.Utc, "UTC");

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
}
