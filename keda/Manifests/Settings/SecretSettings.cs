using System.Text.RegularExpressions;

namespace Ebb.Manifests.Settings;

/// <summary>Keeps secrets out of the files: they are committed.</summary>
internal static partial class SecretSettings
{
    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, string?> settings)
    {
        foreach (var (key, value) in settings)
        {
            if (Secret().IsMatch(key))
            {
                yield return $"{key} is a secret and would stand in the manifests. Mount a file and give its path, such as {key}File.";
            }
            else if (value is not null && PasswordInUrl().IsMatch(value))
            {
                yield return $"{key} holds a URL with a password, which would stand in the manifests. Take the password out of it and mount it as a file.";
            }
        }
    }

    [GeneratedRegex(@"(\A|:|_)(Password|Token|SecretId|Secret|ApiKey|AccessKey|SecretKey)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();

    [GeneratedRegex("://[^/@:]*:[^/@]+@", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PasswordInUrl();
}
