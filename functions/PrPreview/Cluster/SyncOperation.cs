using System.Text.Json.Nodes;
using Ebb.Http;
using Ebb.Kubernetes;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// The last sync of an Application (argo-cd 3.5, OperationState). While one that failed is tried again, its phase stays Running; it is at rest
/// between two tries where it has an end (controller/appcontroller.go, processRequestedAppOperation).
/// </summary>
internal sealed class SyncOperation
{
    private const int ResultsShown = 3;

    private readonly JsonObject? _state;
    private readonly string _phase;

    private SyncOperation(JsonObject? state) => (_state, _phase) = (state, state.Text("phase") ?? "");

    public static SyncOperation Of(JsonObject? status) => new(status.Child("operationState"));

    /// <summary>Whether nothing was ever synced, or it is not known.</summary>
    public bool IsNone => _state is null;

    public bool Succeeded => _phase == "Succeeded";

    public bool Runs => _phase == "Running";

    /// <summary>Whether it is a try after one that failed, which has not ended.</summary>
    public bool IsTriedAgain => Runs && HasFailedBefore && !Rests;

    /// <summary>What it synced, or is syncing; null where that is not said.</summary>
    public JsonObject? Source => _state.Child("syncResult").Child("source") ?? _state.Child("operation").Child("sync").Child("source");

    /// <summary>Why it failed: last, where it is tried again. Null where it has not.</summary>
    public string? Failure => (_phase, Rests) switch
    {
        ("Failed" or "Error", _) => $"the sync failed: {Reason()}",
        ("Running", true) => $"the sync failed, and Argo CD tries it again: {Reason()}",
        _ => null,
    };

    /// <summary>Whether no further try can come to another end.</summary>
    public bool FailedForGood => Failure is not null && (Results().Any(result => SyncFault.IsForGood(result.Text("message"))) || SyncFault.IsForGood(_state.Text("message")));

    private bool HasFailedBefore => _state.Number("retryCount") > 0;

    private bool Rests => HasFailedBefore && _state.Text("finishedAt") is not null;

    private string Reason()
    {
        var results = Results().ToList();
        return results.Count == 0
            ? Redaction.Text(SyncFault.WithoutRetry(_state.Text("message") ?? ""))
            : string.Join("; ", results.Take(ResultsShown).Select(Words)) + (results.Count > ResultsShown ? $"; and {results.Count - ResultsShown} more" : "");
    }

    private static string Words(JsonObject result) => $"{result.Text("kind")} {result.Text("name")}: {Redaction.Text(result.Text("message") ?? "it failed")}";

    private IEnumerable<JsonObject> Results() => _state.Child("syncResult").Items("resources").OfType<JsonObject>()
        .Where(result => result.Text("status") == "SyncFailed" || result.Text("hookPhase") is "Failed" or "Error");
}
