using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.Kubernetes;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Reads an Application's status (argo-cd 3.6, pkg/apis/application/v1alpha1/types.go). Ready means: in sync with what is asked for now, healthy, and
/// no operation for it failed or runs. There may be none: a source that renders to what runs already is not synced again (autoSync, "application
/// status is Synced"). The status is older than the spec until Argo CD has looked.
/// </summary>
internal static class ApplicationReading
{
    private const string SyncError = "SyncError";

    private static readonly string[] Errors =
        ["ComparisonError", "InvalidSpecError", "DeletionError", "UnknownError", "SharedResourceWarning", "ExcludedResourceWarning", SyncError];

    /// <summary>Judges it.</summary>
    /// <param name="application">The Application as it is.</param>
    /// <param name="wanted">The source that was applied.</param>
    public static ApplicationVerdict Judge(KubernetesObject application, JsonObject wanted)
    {
        var status = application.Status;
        var operation = SyncOperation.Of(status);
        var isOlder = operation.Source is { } source && !ObjectApplier.IsIn(wanted, source);
        // A SyncError repeats what the last operation says, and outlives it.
        if (Conditions(status).FirstOrDefault(condition => condition.Text("type") != SyncError) is { } error)
        {
            return new() { Cause = Words(error), IsFinal = SyncFault.IsForGood(error.Text("message")), WaitsForOlderSync = isOlder && operation.Runs };
        }

        if (isOlder && operation.Runs)
        {
            return new() { WaitsForOlderSync = true };
        }

        var isDone = isOlder || operation.Succeeded || operation.IsNone;
        if (isDone && IsSynced(status.Child("sync"), wanted) && status.Child("health").Text("status") == "Healthy")
        {
            return new() { IsReady = true };
        }

        return isOlder ? new() : new()
        {
            Cause = operation.Failure ?? (operation.Runs ? null : ErrorOf(status)),
            IsFinal = operation.FailedForGood,
            IsTriedAgain = operation.IsTriedAgain,
        };
    }

    /// <summary>The patch that ends an operation that runs, or takes back one that is asked for; null where there is none.</summary>
    public static JsonObject? EndOfOperation(KubernetesObject application)
    {
        if (SyncOperation.Of(application.Status).Runs)
        {
            return new JsonObject { ["status"] = new JsonObject { ["operationState"] = new JsonObject { ["phase"] = "Terminating" } } };
        }

        return application.Json["operation"] is JsonObject ? new JsonObject { ["operation"] = null } : null;
    }

    /// <summary>What Argo CD complains of; null when of nothing.</summary>
    public static string? ErrorOf(JsonObject? status) => Conditions(status).Select(Words).FirstOrDefault();

    /// <summary>An object whose health Argo CD keeps in the status: it does where <c>controller.resource.health.persist</c> is on, the default before 3.0.</summary>
    public static string? UnhealthyOf(JsonObject? status) => status.Items("resources").OfType<JsonObject>()
        .Where(resource => resource.Child("health").Text("status") is "Degraded" or "Missing")
        .Select(resource => $"{resource.Text("kind")} {resource.Text("name")} is {resource.Child("health").Text("status")}: {Redaction.Text(resource.Child("health").Text("message") ?? "")}")
        .FirstOrDefault();

    private static IEnumerable<JsonObject> Conditions(JsonObject? status) =>
        status.Items("conditions").OfType<JsonObject>().Where(condition => Errors.Contains(condition.Text("type")));

    private static string Words(JsonObject condition) => $"{condition.Text("type")}: {Redaction.Text(condition.Text("message") ?? "")}";

    private static bool IsSynced(JsonObject? sync, JsonObject wanted) =>
        sync.Text("status") == "Synced" && ObjectApplier.IsIn(wanted, sync.Child("comparedTo").Child("source"));
}
