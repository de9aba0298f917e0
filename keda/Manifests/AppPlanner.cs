using Ebb.Manifests.Settings;
using Ebb.Storage.Roles;
using Ebb.Worker;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Ebb.Worker.Timers;
using Microsoft.Extensions.Configuration;

namespace Ebb.Manifests;

/// <summary>
/// Reads apps as the host would, with the apps' defaults and the settings of the command line only: what the environment of the
/// machine says must not get into files that are committed.
/// </summary>
internal static class AppPlanner
{
    private const string OwnSection = "Manifests";

    /// <summary>Every app that is turned on by itself, and last all of them in one process.</summary>
    /// <exception cref="HostStartException">Something is wrong; it lists all of it.</exception>
    public static IReadOnlyList<PlannedApp> Plan(
        IReadOnlyList<IFunctionApp> apps, IReadOnlyDictionary<string, string?> settings, string hostJson, string hostJsonPath)
    {
        var problems = new List<string>(SecretSettings.Problems(settings));
        var asked = new AskedSettings();
        var configuration = Configuration(apps, settings, asked);
        var options = ManifestOptions.From(configuration, problems);
        var host = HostOptionsLoader.Parse(hostJson, hostJsonPath);
        problems.AddRange(host.Errors);
        var catalog = FunctionCatalog.Build(apps, configuration, host.Options, AppJson.Combine(apps), problems);
        TimerTimeZone.TryRead(configuration, out var zone, out _);
        IFunctionApp[] on = [.. apps.Where(app => !IsOff(app, catalog))];
        var needs = on.ToDictionary(app => app, app => app.Needs(configuration));
        problems.AddRange(needs.Values.SelectMany(need => need.Problems));
        if (problems.Count > 0)
        {
            throw new HostStartException(problems);
        }

        PlannedApp Planned(string name, IReadOnlyList<IFunctionApp> hosted) => new()
        {
            Name = name,
            Functions = [.. catalog.Functions.Where(function => hosted.Any(app => app.Name == function.App))],
            OffTimers = [.. catalog.Off.Where(function => function.IsTimer && hosted.Any(app => app.Name == function.App)).Select(function => function.Name)],
            Needs = WithoutOff(NeedsOf.All(hosted.Where(needs.ContainsKey).Select(app => needs[app])), catalog),
            Host = host.Options,
            HostJson = hostJson,
            Zone = zone!,
            Settings = SettingsOf(hosted, apps, settings, configuration, catalog),
            Options = options,
            Asked = asked.Keys,
            IsAllInOne = hosted.Count > 1,
        };
        PlannedApp[] apart = [.. on.Select(app => Planned(PlannedApp.NameOf(app.Name), [app]))];
        return StorageRoles.Problems(StorageRolesOf.All(apart)).ToList() is { Count: > 0 } unclear
            ? throw new HostStartException(unclear)
            : [.. apart, Planned("ebb", apps)];
    }

    /// <summary>The apps that are turned off, each with the reasons.</summary>
    public static IReadOnlyDictionary<string, string> TurnedOff(IReadOnlyList<IFunctionApp> apps, IReadOnlyDictionary<string, string?> settings)
    {
        var catalog = FunctionCatalog.Build(apps, Configuration(apps, settings), new HostOptions(), AppJson.Combine(apps), []);
        return apps.Where(app => IsOff(app, catalog)).ToDictionary(
            app => PlannedApp.NameOf(app.Name), app => string.Join(", and ", catalog.Off.Where(function => function.App == app.Name).Select(function => function.Off).Distinct()));
    }

    // What nobody takes is not sent either.
    private static AppNeeds WithoutOff(AppNeeds needs, FunctionCatalog catalog) => needs with
    {
        Sends = [.. needs.Sends.Where(queue => catalog.Off.All(function => function.Queue != queue) || catalog.Functions.Any(function => function.Queue == queue))],
    };

    private static bool IsOff(IFunctionApp app, FunctionCatalog catalog) => app.Functions.Count > 0 && catalog.Functions.All(function => function.App != app.Name);

    // A setting in another app's section is that app's own. Those that a trigger refers to are written out, so that the pod and
    // the ScaledObject agree whatever a later version's default is.
    private static Dictionary<string, string> SettingsOf(
        IReadOnlyList<IFunctionApp> hosted, IReadOnlyList<IFunctionApp> all, IReadOnlyDictionary<string, string?> settings, IConfiguration configuration, FunctionCatalog catalog)
    {
        var mine = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // The door does not see the settings by which the app behind a route is off.
        foreach (var function in catalog.Off.Where(function => function.IsHttp && hosted.Count == 1 && hosted[0].Name == function.App))
        {
            mine[$"AzureWebJobs:{function.Name}:Disabled"] = "true";
        }

        foreach (var key in hosted.SelectMany(app => app.Functions).Select(Reference).OfType<string>())
        {
            mine[key] = configuration[key]!.Trim();
        }

        foreach (var (key, value) in settings.Where(setting => setting.Value is not null))
        {
            var section = key.Split(':')[0];
            bool Owns(IFunctionApp app) => string.Equals(app.Name, section, StringComparison.OrdinalIgnoreCase);
            if (!string.Equals(section, OwnSection, StringComparison.OrdinalIgnoreCase) && (hosted.Any(Owns) || !all.Any(Owns)))
            {
                mine[key] = value!;
            }
        }

        return mine;
    }

    private static IConfigurationRoot Configuration(IReadOnlyList<IFunctionApp> apps, IReadOnlyDictionary<string, string?> settings, AskedSettings? asked = null)
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection(apps.SelectMany(app => app.DefaultSettings)).AddInMemoryCollection(settings);
        return (asked is null ? builder : builder.Add(asked)).Build();
    }

    private static string? Reference(IndexedFunction function)
    {
        var text = function.Trigger switch
        {
            TimerTriggerDefinition timer => timer.Schedule,
            QueueTriggerDefinition queue => queue.QueueName,
            RabbitMQTriggerDefinition rabbit => rabbit.QueueName,
            _ => string.Empty,
        };
        return text.Length > 2 && text[0] == '%' && text[^1] == '%' ? text[1..^1] : null;
    }
}
