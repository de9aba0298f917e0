using System.Text.RegularExpressions;
using Ebb.Signing.Keys;
using Microsoft.Extensions.Configuration;

namespace Ebb.Signing;

/// <summary>Finds every mistake in the section <c>Signing</c> at once.</summary>
public static partial class SigningOptionsValidator
{
    /// <summary>The problems of the section, unknown formats included. Empty when there is none.</summary>
    public static IEnumerable<string> Validate(IConfiguration configuration)
    {
        var problems = new List<string>();
        var options = SigningOptions.From(configuration, problems);
        return problems.Concat(Validate(options));
    }

    /// <summary>The problems of options. Empty when there is none, and when <see cref="SigningOptions.Key"/> is null.</summary>
    public static IEnumerable<string> Validate(SigningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Key is null)
        {
            yield break;
        }

        if (options.Formats.Count == 0)
        {
            yield return "Signing:Formats is empty. Name cosign, bundle or both, or leave it out for both.";
        }

        if (options.Kyverno is { } kyverno)
        {
            if (!KyvernoVersion.TryParse(kyverno, out var version, out var unread))
            {
                yield return $"Signing:Kyverno {unread}";
            }
            else if (options.Formats.Count > 0 && version.FindProblem(options.Formats) is { } refused)
            {
                yield return refused;
            }
        }

        if (options.Key.Contains("://", StringComparison.Ordinal))
        {
            if (TransitKey(options.Key) is null)
            {
                yield return $"{options.KeySetting} '{options.Key}' is none of: a cosign.key file, a PEM file, hashivault://<name of a transit key>.";
            }
        }
        else if (!File.Exists(options.Key))
        {
            yield return $"{options.KeySetting} '{options.Key}' does not exist. Make a key with 'ebb signing generate-key', or name hashivault://<key>.";
        }

        if (options is { Password.Length: > 0, PasswordFile: not null })
        {
            yield return "Signing:Password (or COSIGN_PASSWORD) and Signing:PasswordFile are both set. Keep Signing:PasswordFile.";
        }

        if (options.PasswordFile is { } file && !File.Exists(file))
        {
            yield return $"{options.PasswordFileSetting} '{file}' does not exist.";
        }
    }

    internal static string? TransitKey(string key) =>
        key.StartsWith(VaultTransitSigner.Scheme, StringComparison.Ordinal) && KeyName().IsMatch(key[VaultTransitSigner.Scheme.Length..])
            ? key[VaultTransitSigner.Scheme.Length..]
            : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex KeyName();
}
