using System.Text.Json.Nodes;
using Ebb.Kubernetes;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Reads an Application's status (argo-cd 3.6, pkg/apis/application/v1alpha1/types.go). Ready means: in sync and healthy, the last operation
/// succeeded, and both compared with what is asked for now. The status is older than the spec until Argo CD has looked.
/// </summary>
internal static class ApplicationReading
{
    private static readonly string[] Errors =
        ["ComparisonError", "InvalidSpecError", "SyncError", "DeletionError", "UnknownError", "SharedResourceWarning", "ExcludedResourceWarning"];

    /// <summary>Judges it.</summary>
    /// <param name="application">The Application as it is.</param>
    /// <param name="wanted">The source that was applied.</param>
    public static ApplicationVerdict Judge(KubernetesObject application, JsonObject wanted)
    {
        var status = application.Status;
        if (ErrorOf(status) is { } error)
        {
            return new(false, error);
        }

        var sync = status.Child("sync");
        if (!ObjectApplier.IsIn(wanted, sync.Child("comparedTo").Child("source")))
        {
            return new(false, null);
        }

        var operation = status.Child("operationState");
        var synced = sync.Text("status") == "Synced" && operation.Text("phase") == "Succeeded"
            && ObjectApplier.IsIn(wanted, operation.Child("syncResult").Child("source") ?? wanted);
        return synced && status.Child("health").Text("status") == "Healthy"
            ? new(true, null)
            : new(false, OperationFailure(operation) ?? Unhealthy(status));
    }

    /// <summary>The patch that ends an operation that runs, or takes back one that is asked for; null where there is none.</summary>
    public static JsonObject? EndOfOperation(KubernetesObject application)
    {
        if (application.Status.Child("operationState").Text("phase") == "Running")
        {
            return new JsonObject { ["status"] = new JsonObject { ["operationState"] = new JsonObject { ["phase"] = "Terminating" } } };
        }

        return application.Json["operation"] is JsonObject ? new JsonObject { ["operation"] = null } : null;
    }

    /// <summary>What Argo CD complains of; null when of nothing.</summary>
    public static string? ErrorOf(JsonObject? status) => status.Items("conditions").OfType<JsonObject>()
        .Where(condition => Errors.Contains(condition.Text("type")))
        .Select(condition => $"{condition.Text("type")}: {condition.Text("message")}")
        .FirstOrDefault();

    private static string? OperationFailure(JsonObject? operation) =>
        operation.Text("phase") is "Failed" or "Error" ? $"the sync failed: {operation.Text("message")}" : null;

    private static string? Unhealthy(JsonObject? status) => status.Items("resources").OfType<JsonObject>()
        .Where(resource => resource.Child("health").Text("status") is "Degraded" or "Missing")
        .Select(resource => $"{resource.Text("kind")} {resource.Text("name")} is {resource.Child("health").Text("status")}: {resource.Child("health").Text("message")}")
        .FirstOrDefault();
}
