using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ebb.PrPreview.Settings;

/// <summary>A Secret: its namespace and name.</summary>
internal sealed partial record SecretName(string Namespace, string Name)
{
    public const string Form = "<namespace>/<name> of a Secret of the type kubernetes.io/dockerconfigjson";

    public static bool TryParse(string text, [NotNullWhen(true)] out SecretName? name)
    {
        name = Pattern().Match(text) is { Success: true } match ? new SecretName(match.Groups["namespace"].Value, match.Groups["name"].Value) : null;
        return name is not null;
    }

    [GeneratedRegex(@"\A(?<namespace>[a-z0-9-]{1,63})/(?<name>[a-z0-9.-]{1,253})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
