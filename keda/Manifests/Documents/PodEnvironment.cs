using System.Globalization;

namespace Ebb.Manifests.Documents;

/// <summary>The environment of an app's container: its settings, in order of their names.</summary>
internal static class PodEnvironment
{
    public const int Port = 8080;

    public static IReadOnlyDictionary<string, string> Of(PlannedApp app)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["ASPNETCORE_URLS"] = $"http://*:{Port}",
            // Its socket would be a file outside of every volume.
            ["DOTNET_EnableDiagnostics"] = "0",
            ["Shutdown:Grace"] = app.Grace.ToString("c", CultureInfo.InvariantCulture),
        };
        AddStorage(app, settings);
        if (app.RabbitQueues.Count > 0)
        {
            RabbitDocuments.AddSettings(settings);
        }

        foreach (var (key, value) in app.Needs.Settings.Concat(app.Needs.Environment).Concat(app.Settings))
        {
            settings[key] = value;
        }

        return new SortedDictionary<string, string>(settings.ToDictionary(Variable, setting => setting.Value), StringComparer.Ordinal);
    }

    private static void AddStorage(PlannedApp app, Dictionary<string, string> settings)
    {
        if (app.IsAllInOne)
        {
            settings["Storage"] = $"sqlite:{PodVolumes.DataDirectory}/ebb.db";
            return;
        }

        settings["Storage"] = app.Options.Storage.For(app.Name);
        settings["Storage:PasswordFile"] = PodVolumes.StoragePassword;
        settings["Storage:CaFile"] = PodVolumes.StorageCa;
    }

    private static string Variable(KeyValuePair<string, string> setting) => setting.Key.Replace(":", "__", StringComparison.Ordinal);
}
