using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// Argo CD's application controller, as far as the test lets it go: comparison, operation, health and deletion of Applications
/// (argo-cd 3, controller/appcontroller.go; https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml).
/// Deletion waits for a running operation (argo-cd#17894) and needs the AppProject. An operation that failed is tried again under the phase
/// Running, and a new source is not taken before it has ended or was terminated (processRequestedAppOperation, autoSync). The health of single
/// resources is not in the status (resourceHealthSource: appTree).
/// </summary>
public sealed class ArgoCdController(Cluster cluster, TimeProvider time) : ClusterController(cluster, "applications", "appprojects")
{
    public const string Finalizer = "resources-finalizer.argocd.argoproj.io";
    private const string Refresh = "argocd.argoproj.io/refresh";
    private const string Manager = "argocd-application-controller";

    /// <summary>How far an Application gets. Default: to the end. After changing the answer: <see cref="ClusterController.LookAgain"/>.</summary>
    public Func<JsonObject, ArgoStage> Stage { get; set; } = _ => ArgoStage.Healthy;

    /// <summary>The words of what fails.</summary>
    public string Message { get; set; } = "failed to render the chart";

    /// <summary>What became of single resources in the sync that failed (v1alpha1, ResourceResult); none by default.</summary>
    public IReadOnlyList<JsonObject> Results { get; set; } = [];

    /// <summary>What an Application brings into its namespace; nothing by default.</summary>
    public Func<JsonObject, IEnumerable<(string Plural, JsonObject Item)>> Render { get; set; } = _ => [];

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        if (plural == "appprojects")
        {
            foreach (var application in Cluster.List("applications", item.Namespace()).Where(application => application.Child("spec").Text("project") == item.Name()))
            {
                Bring(application);
            }

            return;
        }

        Bring(item);
    }

    private void Bring(JsonObject application)
    {
        if (application.Child("status").Child("operationState").Text("phase") == "Terminating")
        {
            Change(application, item =>
            {
                item.Remove("operation");
                End(item);
            });
        }
        else if (application.IsDeleted())
        {
            Finish(application);
        }
        else
        {
            Advance(application);
        }
    }

    // The operation that is terminated is the one that ran, whatever the spec says since.
    private void End(JsonObject item)
    {
        var state = Status(item).Child("operationState")!;
        state["phase"] = "Failed";
        state["message"] = "Operation terminated";
        state["finishedAt"] = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}";
    }

    // A running operation is processed instead of the deletion; nothing else happens until it ends (argo-cd#17894).
    private void Finish(JsonObject application)
    {
        var runs = application["operation"] is not null || application.Child("status").Child("operationState").Text("phase") == "Running";
        if (!application.Finalizers().Contains(Finalizer) || runs)
        {
            return;
        }

        if (!HasProject(application))
        {
            Change(application, item => Status(item)["conditions"] = Condition(item, "DeletionError", $"error getting app project \"{Project(item)}\": appproject.argoproj.io \"{Project(item)}\" not found"));
            return;
        }

        foreach (var (plural, item) in Render(application))
        {
            Cluster.Delete(plural, item.Namespace(), item.Name());
        }

        Change(application, item => item.SetFinalizers(item.Finalizers().Where(name => name != Finalizer)));
    }

    private void Advance(JsonObject application)
    {
        if (!HasProject(application))
        {
            Change(application, item =>
            {
                Status(item)["conditions"] = Condition(item, "InvalidSpecError", $"Application referencing project {Project(item)} which does not exist");
                Status(item)["sync"] = new JsonObject { ["status"] = "Unknown" };
                Status(item)["health"] = new JsonObject { ["status"] = "Unknown" };
            });
            return;
        }

        if (IsBusy(application))
        {
            Change(application, item => Report(item, null));
            return;
        }

        var stage = Stage(application);
        if (stage == ArgoStage.Waiting)
        {
            return;
        }

        if (stage is ArgoStage.Progressing or ArgoStage.Healthy or ArgoStage.Degraded && Deploy(application) is { } problem)
        {
            Message = problem;
            stage = ArgoStage.SyncFailed;
        }

        Change(application, item => Report(item, IsBusy(item) ? null : stage));
    }

    // autoSync, "Skipping auto-sync: another operation is in progress": a new source only shows in what was compared.
    private static bool IsBusy(JsonObject application)
    {
        var state = application.Child("status").Child("operationState");
        return state.Text("phase") == "Running" && state.Child("operation").Child("sync")?["source"] is { } source
            && !JsonNode.DeepEquals(source, application.Child("spec")?["source"]);
    }

    private string? Deploy(JsonObject application)
    {
        try
        {
            foreach (var (plural, item) in Render(application).Where(entry => Cluster.Find(entry.Plural, entry.Item.Namespace(), entry.Item.Name()) is null))
            {
                Cluster.Create(plural, item, Manager);
            }

            return null;
        }
        catch (ApiException exception)
        {
            return $"one or more objects failed to apply, reason: {exception.Message}";
        }
    }

    /// <param name="item">The Application.</param>
    /// <param name="stage">How far it got; null: an operation for an older source runs.</param>
    private void Report(JsonObject item, ArgoStage? stage)
    {
        (item.Child("metadata").Child("annotations") ?? []).Remove(Refresh);
        var status = Status(item);
        status["resourceHealthSource"] = "appTree";
        if (stage == ArgoStage.ComparisonError)
        {
            status["conditions"] = Condition(item, "ComparisonError", Message);
            status["sync"] = new JsonObject { ["status"] = "Unknown", ["comparedTo"] = ComparedTo(item) };
            return;
        }

        if (stage == ArgoStage.SyncFailed)
        {
            status["conditions"] = Condition(item, "SyncError", $"Failed last sync attempt: {Message}");
        }
        else
        {
            status.Remove("conditions");
        }

        var synced = stage is ArgoStage.Progressing or ArgoStage.Healthy or ArgoStage.Degraded or ArgoStage.Unchanged;
        var sync = new JsonObject { ["status"] = synced ? "Synced" : "OutOfSync", ["comparedTo"] = ComparedTo(item) };
        Revisions(item, sync);
        status["sync"] = sync;
        status["health"] = new JsonObject
        {
            ["status"] = stage switch { ArgoStage.Healthy or ArgoStage.Unchanged => "Healthy", ArgoStage.Degraded => "Degraded", ArgoStage.Progressing => "Progressing", _ => "Missing" },
        };
        switch (stage)
        {
            case ArgoStage.Syncing:
                Operation(item, "Running", "");
                item["operation"] = Requested(item);
                break;
            case ArgoStage.Retrying:
                Operation(item, "Running", $"{Message}. Retrying attempt #2 at 3:04PM.", retries: 2);
                item["operation"] = Requested(item);
                break;
            case ArgoStage.TryingAgain:
                Operation(item, "Running", "Retrying operation. Attempt #2", retries: 2);
                var again = status.Child("operationState")!;
                again.Remove("finishedAt");
                again.Remove("syncResult");
                item["operation"] = Requested(item);
                break;
            case null or ArgoStage.Unchanged:
                break;
            case ArgoStage.SyncFailed:
                item.Remove("operation");
                Operation(item, "Failed", Message);
                break;
            case not ArgoStage.Compared:
                item.Remove("operation");
                Operation(item, "Succeeded", "successfully synced (all tasks run)");
                break;
        }
    }

    private static JsonObject Requested(JsonObject item)
    {
        var sync = new JsonObject();
        if (item.Child("spec").Child("source") is { } source)
        {
            sync["source"] = source.DeepClone();
        }

        return new JsonObject { ["sync"] = sync, ["initiatedBy"] = new JsonObject { ["automated"] = true }, ["retry"] = new JsonObject { ["limit"] = 5 } };
    }

    private void Operation(JsonObject item, string phase, string message, int retries = 0)
    {
        var status = Status(item);
        var old = status.Child("operationState");
        var result = new JsonObject { ["revision"] = "" };
        Revisions(item, result);
        if (phase != "Succeeded" && message.Length > 0)
        {
            result["resources"] = new JsonArray([.. Results.Select(one => (JsonNode)one.DeepClone())]);
        }

        var state = new JsonObject
        {
            ["operation"] = Requested(item),
            ["phase"] = phase,
            ["message"] = message,
            ["startedAt"] = old.Text("startedAt") ?? $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}",
            ["syncResult"] = result,
        };
        if (item.Child("spec").Child("source") is { } source)
        {
            result["source"] = source.DeepClone();
        }

        if (retries > 0)
        {
            state["retryCount"] = retries;
        }

        // Set together with Running it means that the operation is tried again later.
        if (phase != "Running" || retries > 0)
        {
            state["finishedAt"] = old.Text("phase") == phase ? old.Text("finishedAt") : $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}";
        }

        status["operationState"] = state;
    }

    private static JsonObject ComparedTo(JsonObject item)
    {
        var spec = item.Child("spec");
        var compared = new JsonObject { ["destination"] = spec?["destination"]?.DeepClone() };
        foreach (var name in new[] { "source", "sources" }.Where(name => spec?[name] is not null))
        {
            compared[name] = spec![name]!.DeepClone();
        }

        return compared;
    }

    private static void Revisions(JsonObject item, JsonObject into)
    {
        if (item.Child("spec")?["sources"] is JsonArray sources)
        {
            into["revisions"] = new JsonArray([.. sources.OfType<JsonObject>().Select(source => (JsonNode)(source.Text("targetRevision") ?? "HEAD"))]);
        }
        else
        {
            into["revision"] = item.Child("spec").Child("source").Text("targetRevision") ?? "HEAD";
        }
    }

    private void Change(JsonObject application, Action<JsonObject> change) => Cluster.Change("applications", application.Namespace(), application.Name(), change, Manager);

    private bool HasProject(JsonObject application) => Cluster.Find("appprojects", application.Namespace(), Project(application)) is not null;

    private static string Project(JsonObject application) => application.Child("spec").Text("project") ?? "default";

    private JsonArray Condition(JsonObject item, string type, string message)
    {
        var old = item.Child("status").Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type && condition.Text("message") == message);
        return [new JsonObject { ["type"] = type, ["message"] = message, ["lastTransitionTime"] = old.Text("lastTransitionTime") ?? $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}" }];
    }

    private static JsonObject Status(JsonObject item)
    {
        if (item["status"] is not JsonObject status)
        {
            item["status"] = status = [];
        }

        return status;
    }
}
