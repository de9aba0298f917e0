using System.Security.Cryptography;
using System.Text;
using Ebb.SecretBump.Policies;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Whose restart Stakater Reloader sees to, as it decides itself (Reloader 1.4.21, pkg/common/common.go, ShouldReload, and
/// internal/pkg/handler/upgrade.go): what it restarts is not restarted here too, and what it does not touch is.
/// </summary>
internal static class Reloader
{
    private const string Domain = "reloader.stakater.com";
    private const string List = $"secret.{Domain}/reload";
    private const string Search = $"{Domain}/search";
    private const string Auto = $"{Domain}/auto";
    private const string SecretAuto = $"secret.{Domain}/auto";

    private static readonly string[] Deciding = [List, Search, Auto, SecretAuto];

    // Go's strconv.ParseBool.
    private static readonly string[] True = ["1", "t", "T", "TRUE", "true", "True"];

    /// <summary>Whether it restarts the workload when this Secret is updated.</summary>
    public static bool Restarts(Workload workload, V1Secret secret, ReloaderMode mode)
    {
        var name = secret.Name();
        var own = workload.Annotations;
        if (mode == ReloaderMode.Off || secret.GetAnnotation($"{Domain}/ignore") == "true" || Entries(own, $"secrets.exclude.{Domain}/reload").Contains(name))
        {
            return false;
        }

        // The pod template's count only where the workload has none of them, not even an empty one.
        var annotations = Deciding.Any(own.ContainsKey) ? own : workload.TemplateAnnotations;
        return Entries(annotations, List).Any(entry => GoPattern.Finds($"^{entry}$", name) is true)
            || (IsAutomatic(annotations, secret, mode) && workload.IsInContainers(name));
    }

    /// <summary>
    /// Whether the pod template holds this content's hash already (strategy <c>env-vars</c>): Reloader finds nothing to do then, as when it
    /// was away while the Secret changed there and back.
    /// </summary>
    public static bool HasSeen(Workload workload, V1Secret secret) => workload.Variable(VariableOf(secret.Name())) == HashOf(secret);

    private static bool IsAutomatic(IReadOnlyDictionary<string, string> annotations, V1Secret secret, ReloaderMode mode)
    {
        var (all, one) = (annotations.GetValueOrDefault(Auto) ?? "", annotations.GetValueOrDefault(SecretAuto) ?? "");
        return True.Contains(all) || True.Contains(one) || (all.Length == 0 && one.Length == 0 && mode == ReloaderMode.All)
            || (annotations.GetValueOrDefault(Search) == "true" && secret.GetAnnotation($"{Domain}/match") == "true");
    }

    private static string[] Entries(IReadOnlyDictionary<string, string> annotations, string name) => (annotations.GetValueOrDefault(name) ?? "").Split(',', StringSplitOptions.TrimEntries);

    // internal/pkg/util/util.go, ConvertToEnvVarName and GetSHAfromSecret.
    private static string VariableOf(string secret)
    {
        var words = new string([.. secret.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"STAKATER_{string.Join('_', words)}_SECRET";
    }

    private static string HashOf(V1Secret secret)
    {
        var entries = SyncedSecret.TextOf(secret).Select(entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Join(';', entries))));
    }
}
