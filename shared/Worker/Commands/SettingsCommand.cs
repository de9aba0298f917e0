using System.CommandLine;
using Ebb.Settings;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Json;
using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Commands;

/// <summary><c>settings</c>: what is in force and where it stands; secrets never. It works when the host does not start, for that is when it is needed.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandContext context)
    {
        var all = new Option<bool>("--all") { Description = "Also what nobody has set, with its default." };
        var reference = new Option<bool>("--reference") { Description = "The page of all settings, as Markdown." };
        var command = new Command("settings", "Shows what is set and where; secrets are not shown.") { all, reference };
        command.SetAction(async (parsed, _) =>
        {
            var problems = new List<string>();
            var catalog = new SettingsCatalog(HostConfiguration.Build(context.Apps, context.Settings, context.Environment.WorkingDirectory, problems));
            Read(context.Apps, catalog, problems);
            if (parsed.GetValue(reference))
            {
                await context.Environment.Output.WriteAsync(SettingsPage.Of(catalog.Settings, Defaults(context.Apps)));
                return ExitCode.Succeeded;
            }

            await WriteTableAsync(catalog.Settings.Where(setting => parsed.GetValue(all) || setting.Value is not null), context.Environment.Output);
            foreach (var problem in problems.Concat(catalog.Unknown()))
            {
                await context.Environment.Error.WriteLineAsync(problem);
            }

            return problems.Count == 0 ? ExitCode.Succeeded : ExitCode.WrongUsage;
        });
        return command;
    }

    private static void Read(IReadOnlyList<IFunctionApp> apps, IConfiguration configuration, List<string> problems)
    {
        WorkerOptions.Read(configuration, problems);
        FunctionCatalog.Build(apps, configuration, new HostOptions(), AppJson.Combine(apps), problems);
        problems.AddRange(apps.SelectMany(app => app.Validate(configuration).Select(problem => $"{app.Name}: {problem}")));
    }

    private static Dictionary<string, string?> Defaults(IReadOnlyList<IFunctionApp> apps) =>
        apps.SelectMany(app => app.DefaultSettings).ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.OrdinalIgnoreCase);

    private static async Task WriteTableAsync(IEnumerable<Setting> settings, TextWriter output)
    {
        var table = new TextTable("SETTING", "FROM", "VALUE");
        foreach (var setting in settings.Where(setting => !setting.Name.Contains('<', StringComparison.Ordinal)))
        {
            table.Add(setting.Name, setting.Value is null ? "default" : setting.Source, setting.Value ?? setting.Default);
        }

        await table.WriteAsync(output);
    }
}
