namespace Ebb.Kubernetes;

/// <summary>Which fault an answer is (Kubernetes API conventions, "HTTP Status codes" and "Success codes").</summary>
internal static class KubernetesFaultReading
{
    public static KubernetesFault Of(int code, ServerStatus status) => code switch
    {
        401 => KubernetesFault.Unauthorized,
        403 when Has(status, "NamespaceTerminating") => KubernetesFault.NamespaceTerminating,

        // The quota's admission plugin gives no cause of its own (plugin/pkg/admission/resourcequota).
        403 when status.Words.Contains("exceeded quota: ", StringComparison.Ordinal) => KubernetesFault.QuotaExceeded,
        403 => KubernetesFault.Forbidden,

        // An unknown group or version is plain text, an unknown resource in a known group has no name in its details.
        404 when !status.IsStatus || status.Words.StartsWith("the server could not find the requested resource", StringComparison.Ordinal) => KubernetesFault.TypeNotServed,
        404 => KubernetesFault.NotFound,
        409 when status.Reason == "AlreadyExists" => KubernetesFault.AlreadyExists,
        409 when Has(status, "FieldManagerConflict") => KubernetesFault.OwnedByAnother,
        409 => KubernetesFault.Conflict,
        410 => KubernetesFault.Expired,
        400 or 413 or 415 or 422 => KubernetesFault.Invalid,
        500 when SaysSchemaError(status.Words) => KubernetesFault.Invalid,
        429 => KubernetesFault.RateLimited,
        >= 500 => KubernetesFault.ServerError,
        >= 300 and < 400 => KubernetesFault.Protocol,
        _ => KubernetesFault.Other,
    };

    /// <summary>True for apply's own words about a field that the type does not have.</summary>
    public static bool SaysSchemaError(string text) => text.Contains("failed to create typed patch object", StringComparison.Ordinal);

    private static bool Has(ServerStatus status, string reason) => status.Causes.Any(cause => cause.Reason == reason);
}
