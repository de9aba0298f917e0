using System.Text;
using Ebb.Settings;

namespace Ebb.Worker.Commands;

/// <summary>The page of all settings.</summary>
internal static class SettingsPage
{
    private const string Alone = "In no section";

    public static string Of(IReadOnlyList<Setting> settings, IReadOnlyDictionary<string, string?> defaults)
    {
        var page = new StringBuilder(
            """
            # Settings

            Written by `ebb settings --reference` from the code that reads them. A setting `A:B` is the environment variable `A__B`, the argument `--A:B=…`, or `{"A": {"B": …}}` in
            `appsettings.json`; the argument outvotes the variable, and that the file. `ebb settings` shows what is in force and where it stands. Not here: the section `Kubernetes`
            ([shared/Kubernetes](../../shared/Kubernetes/README.md)), the variables of OpenTelemetry, and the settings of the scaler and the generator ([keda](../../keda/Scaler/README.md)).

            """);
        var sections = settings.ToLookup(setting => setting.Name.Split(':')[0], StringComparer.OrdinalIgnoreCase);
        foreach (var section in settings.GroupBy(setting => sections[setting.Name].Count() == 1 ? Alone : setting.Name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
        {
            page.Append($"\n## {section.Key}\n\n| Setting | What to write | Default | Also read |\n|---|---|---|---|\n");
            foreach (var setting in section)
            {
                var fallback = setting.Default ?? defaults.GetValueOrDefault(setting.Name);
                page.Append($"| `{setting.Name}` | {Cell(setting.Form)} | {Code(fallback)} | {string.Join(", ", setting.Aliases.Select(alias => $"`{alias}`"))} |\n");
            }
        }

        return page.ToString();
    }

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{Piped(text)}`";

    private static string Cell(string text) => Piped(text).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Piped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
