using System.Text.RegularExpressions;

namespace Ebb.PrPreview.Settings;

/// <summary>A Secret: its namespace and name.</summary>
internal sealed partial record SecretName(string Namespace, string Name)
{
    public static SecretName? From(SectionReader read, string key)
    {
        if (read.Text(key) is not { } text)
        {
            return null;
        }

        var match = Pattern().Match(text);
        if (match.Success)
        {
            return new SecretName(match.Groups["namespace"].Value, match.Groups["name"].Value);
        }

        read.Problems.Add($"{SectionReader.KeyOf(key)} is '{text}'; write <namespace>/<name> of a Secret of the type kubernetes.io/dockerconfigjson.");
        return null;
    }

    [GeneratedRegex(@"\A(?<namespace>[a-z0-9-]{1,63})/(?<name>[a-z0-9.-]{1,253})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
