using System.Text.RegularExpressions;
using Ebb.Manifests.Documents;
using Ebb.Manifests.Settings;

namespace Ebb.Manifests.Charts;

/// <summary>A template that writes nothing and ends the installation where the generator would refuse, or would have written other documents.</summary>
internal static class ChartRefusals
{
    public static string Text(IReadOnlyList<PlannedApp> apps) =>
        $$$"""
        {{- if ne .Release.Namespace "{{{apps[0].Options.Namespace}}}" }}
        {{- fail "this chart is written for the namespace {{{apps[0].Options.Namespace}}}; install it with --namespace {{{apps[0].Options.Namespace}}}" }}
        {{- end }}

        """ + string.Concat(apps.Select(Settings));

    private static string Settings(PlannedApp app)
    {
        var place = $"apps.{ChartDocuments.Camel(app.Name)}.settings";
        return $$$"""
            {{- range $name, $value := .Values.{{{place}}} }}
            {{- if regexMatch {{{Quoted($"(?i){InVariables(SecretSettings.NamePattern)}")}}} $name }}
            {{- fail (printf "{{{place}}}.%v is a secret and would stand in the release; put it into a Secret, and give the path of its file" $name) }}
            {{- end }}
            {{- if regexMatch {{{Quoted(SecretSettings.UrlPattern)}}} $value }}
            {{- fail (printf "{{{place}}}.%v holds a URL with a password, which would stand in the release; take the password out of it and mount it as a file" $name) }}
            {{- end }}
            {{- if regexMatch {{{Quoted(Planned(app))}}} $name }}
            {{- fail (printf "{{{place}}}.%v changes more than the pod: rights, connections or triggers; write the chart anew with ebb manifests --chart <directory> --settings <file>" $name) }}
            {{- end }}
            {{- end }}

            """;
    }

    // A variable's name has one line, so that ^ and $ are as good and easier to read.
    private static string InVariables(string pattern) => pattern.Replace("\\A", "^", StringComparison.Ordinal).Replace("\\z", "$", StringComparison.Ordinal);

    // What planning asked for, what it wrote, and what is below such a setting.
    private static string Planned(PlannedApp app)
    {
        var names = app.Asked.Select(key => key.Replace(":", "__", StringComparison.Ordinal)).Concat(PodEnvironment.Of(app).Keys)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var shortest = names.Where(name => !names.Any(other => name.StartsWith(other + "__", StringComparison.OrdinalIgnoreCase)));
        return $"(?i)^({string.Join('|', shortest.Select(Regex.Escape))})(__.*)?$";
    }

    private static string Quoted(string pattern) => $"\"{pattern.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
