using System.Text.RegularExpressions;

namespace Ebb.Manifests.Settings;

/// <summary>Keeps secrets out of the files: they are committed.</summary>
internal static partial class SecretSettings
{
    /// <summary>Names that hold a secret, without regard to case; Go and .NET read it alike.</summary>
    public const string NamePattern = @"(\A|:|_)(Password|Token|SecretId|Secret|ApiKey|AccessKey|SecretKey)\z";

    /// <summary>A URL with a password; Go and .NET read it alike.</summary>
    public const string UrlPattern = "://[^/@:]*:[^/@]+@";

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

    [GeneratedRegex(NamePattern, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();

    [GeneratedRegex(UrlPattern, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PasswordInUrl();
}
