using Ebb.Settings;
using Ebb.Signing;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Adhoc;

/// <summary>
/// The key for images outside the list: <c>Signing:AdhocKey</c>, with its password in <c>Signing:AdhocPasswordFile</c>. Never the one that
/// admission trusts.
/// </summary>
internal static class AdhocSigning
{
    public const string Key = "Signing:AdhocKey";
    public const string PasswordFile = "Signing:AdhocPasswordFile";

    /// <summary>Told where the two keys are one.</summary>
    public const string SameKey = $"{Key} and Signing:Key are the same key, so that what nobody approved would pass for approved. Make another with 'ebb signing generate-key', or leave {Key} out.";

    private const int MaxKeyBytes = 64 * 1024;

    public static SigningOptions From(IConfiguration configuration)
    {
        var read = new SettingsReader(configuration, []);
        return SigningOptions.From(configuration) with
        {
            Key = read.Text(Key, "a key as Signing:Key, and another than that"),
            KeySetting = Key,
            Password = null,
            PasswordFile = read.Text(PasswordFile, "the path of a file with its password"),
            PasswordFileSetting = PasswordFile,
        };
    }

    public static IEnumerable<string> Validate(IConfiguration configuration)
    {
        var options = From(configuration);
        var problems = SigningOptionsValidator.Validate(options);
        return IsSame(options.Key, SigningOptions.From(configuration).Key) ? problems.Append(SameKey) : problems;
    }

    // Two files of one key with different passwords are found when the keys are first read.
    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && (one == other || (Content(one) is { } content && Content(other) is { } second && content.SequenceEqual(second)));

    private static byte[]? Content(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxKeyBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The key's own reader says so when it is used.
            return null;
        }
    }
}
