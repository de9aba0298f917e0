using System.Text.RegularExpressions;
using Ebb.Kubernetes;

namespace Ebb.SecretBump.Rollouts;

/// <summary>Whose restart Stakater Reloader sees to (Reloader v1, "How to use Reloader"): what it restarts is not restarted here too.</summary>
internal static class Reloader
{
    private const string Domain = "reloader.stakater.com";

    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(200);

    public static bool Restarts(Workload workload, string secret, KubernetesObject? secretSource)
    {
        if (secretSource?.Metadata.Annotations.GetValueOrDefault($"{Domain}/ignore") == "true" || Lists(workload, $"secrets.exclude.{Domain}/reload", secret))
        {
            return false;
        }

        return Says(workload, $"{Domain}/auto") || Says(workload, $"secret.{Domain}/auto") || Lists(workload, $"secret.{Domain}/reload", secret)
            || (Says(workload, $"{Domain}/search") && secretSource?.Metadata.Annotations.GetValueOrDefault($"{Domain}/match") == "true");
    }

    private static bool Says(Workload workload, string annotation) => Annotation(workload, annotation) == "true";

    // Each entry is a regular expression for the whole name.
    private static bool Lists(Workload workload, string annotation, string secret) =>
        Annotation(workload, annotation)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(entry => Matches(entry, secret)) is true;

    private static bool Matches(string entry, string secret)
    {
        try
        {
            return entry == secret || Regex.IsMatch(secret, $"^(?:{entry})$", RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (Exception unusable) when (unusable is ArgumentException or RegexMatchTimeoutException)
        {
            // Reloader does not act on it either.
            return false;
        }
    }

    private static string? Annotation(Workload workload, string name) =>
        workload.Source.Metadata.Annotations.GetValueOrDefault(name) ?? workload.TemplateAnnotation(name);
}
