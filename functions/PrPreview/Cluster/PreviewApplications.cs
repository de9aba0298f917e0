using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts.PullRequests;
using Ebb.Kubernetes;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using k8s.Models;

namespace Ebb.PrPreview.Cluster;

/// <summary>Finds the Applications of previews, and says how far they are.</summary>
internal sealed class PreviewApplications(KubernetesClient cluster, PreviewOptions options)
{
    /// <summary>A preview's Application; null where it is gone or going, somebody else's, or asks for another commit.</summary>
    public async Task<KubernetesObject?> FindAsync(string name, string pullRequest, CommitSha sha, CancellationToken cancellationToken) =>
        await cluster.FindAsync(ReferenceOf(name), cancellationToken) is { Metadata.DeletionTimestamp: null } found && Marks.BelongsTo(found, pullRequest) && Shows(found, sha)
            ? found
            : null;

    /// <summary>What Argo CD says of it, seen from what it asks for.</summary>
    public static ApplicationVerdict Judge(KubernetesObject application) => ApplicationReading.Judge(application, application.Spec.Child("source") ?? []);

    /// <summary>Ends the sync that runs; a newer one is not begun before.</summary>
    public async Task EndSyncAsync(KubernetesObject application, CancellationToken cancellationToken)
    {
        if (ApplicationReading.EndOfOperation(application) is { } patch)
        {
            await cluster.MergePatchAsync(ReferenceOf(application.Name()), patch, application.ResourceVersion(), cancellationToken);
        }
    }

    /// <summary>Names the Application of a preview.</summary>
    public ObjectReference ReferenceOf(string name) => ResourceTypes.Applications.Named(options.Argo.Namespace, name);

    // Its values are what was merged here, as JSON.
    private static bool Shows(KubernetesObject application, CommitSha sha)
    {
        try
        {
            var values = JsonNode.Parse(application.Spec.Child("source").Child("helm").Text("values") ?? "null") as JsonObject;
            return values.Child("image").Text("tag") == sha.Value;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
