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
        problems.AddRange(apps.SelectMany(app => app.Needs(configuration).Problems));
        if (problems.Count > 0)
        {
            throw new HostStartException(problems);
        }

        PlannedApp Planned(string name, IReadOnlyList<IFunctionApp> hosted) => new()
        {
            Name = name,
            Functions = [.. catalog.Functions.Where(function => hosted.Any(app => app.Name == function.App))],
            // Where no broker is given, RabbitMQ triggers are off and nothing of them is generated.
            RabbitQueues = configuration["RabbitMQ:Host"] is { Length: > 0 } || configuration["RabbitMQ:Uri"] is { Length: > 0 }
                ? [.. catalog.Functions.Where(function => hosted.Any(app => app.Name == function.App))
                    .Select(function => function.BrokerQueue).OfType<string>().Order(StringComparer.Ordinal)]
                : [],
            Needs = NeedsOf.All(hosted.Select(app => app.Needs(configuration))),
            ClosedPaths = [.. apps.Select(app => app.Needs(configuration)).Where(needs => needs.Off is not null).SelectMany(needs => needs.Paths)],
            Host = host.Options,
            HostJson = hostJson,
            Zone = zone!,
            Settings = SettingsOf(hosted, apps, settings, configuration),
            Options = options,
            Asked = asked.Keys,
            IsAllInOne = hosted.Count > 1,
        };
        PlannedApp[] apart = [.. apps.Where(app => app.Needs(configuration).Off is null).Select(app => Planned(PlannedApp.NameOf(app.Name), [app]))];
        return StorageRoles.Problems(StorageRolesOf.All(apart)).ToList() is { Count: > 0 } unclear
            ? throw new HostStartException(unclear)
            : [.. apart, Planned("ebb", apps)];
    }

    /// <summary>The apps that are turned off, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> TurnedOff(IReadOnlyList<IFunctionApp> apps, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = Configuration(apps, settings);
        return apps.Select(app => (Name: PlannedApp.NameOf(app.Name), app.Needs(configuration).Off)).Where(app => app.Off is not null).ToDictionary(app => app.Name, app => app.Off!);
    }

    // A setting in another app's section is that app's own. Those that a trigger refers to are written out, so that the pod and
    // the ScaledObject agree whatever a later version's default is.
    private static Dictionary<string, string> SettingsOf(
        IReadOnlyList<IFunctionApp> hosted, IReadOnlyList<IFunctionApp> all, IReadOnlyDictionary<string, string?> settings, IConfiguration configuration)
    {
        var mine = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
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
