using System.Text.RegularExpressions;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Reads what Argo CD says of a sync that failed. It has words for it and no codes: those of argo-cd 3.5's controller/sync.go
/// (validateSyncPermissions) and controller/appcontroller.go, and of the Kubernetes API's and kubectl's refusals that it passes on.
/// </summary>
internal static partial class SyncFault
{
    /// <summary>Whether what is asked for is forbidden by the project, or invalid. What a webhook, a quota or a server in trouble refuses may pass.</summary>
    public static bool IsForGood(string? message) => message is not null && !message.Contains("denied the request", StringComparison.Ordinal)
        && (message.Contains(" is not permitted in project ", StringComparison.Ordinal) || Invalid().IsMatch(message));

    /// <summary>The message without the number and time of the next try, which change.</summary>
    public static string WithoutRetry(string message) => Retry().Replace(message, "");

    // apimachinery, api/errors, NewInvalid; kubectl's validation, where the schema could be had; the API server's decoding.
    [GeneratedRegex("""(?:\A|reason: |,)[A-Z][A-Za-z0-9.]* "[^"]*" is invalid: |error validating data: (?:ValidationError|unknown )|cannot be handled as a [A-Z]""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Invalid();

    [GeneratedRegex(@"\.? Retrying attempt #[0-9]+ at [^ ]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Retry();
}
