using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.Values;

namespace Ebb.PrPreview.Rendering;

/// <summary>
/// The Argo CD Application: the base chart with the merged values as one text. A mapping (<c>valuesObject</c>) would lose its nulls
/// (argo-cd#16312), and values of a second source would come from the branch unchecked.
/// </summary>
internal static class ApplicationObject
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Has Argo CD delete what the Application made.</summary>
    public const string Finalizer = "resources-finalizer.argocd.argoproj.io";

    /// <summary>The namespace is made and deleted here: Argo CD never deletes one that it made (argo-cd#7875).</summary>
    public static IReadOnlyList<string> SyncOptions { get; } = ["CreateNamespace=false", "FailOnSharedResource=true"];

    public static RenderedObject Of(PreviewPlan plan, PreviewOptions options)
    {
        var metadata = Marks.Metadata(plan, options.Environment, plan.Name.Value, options.Argo.Namespace);
        metadata.Annotations = new Dictionary<string, string> { [Marks.PullRequest] = plan.PullRequest };
        metadata.Finalizers = [Finalizer];
        return new(ResourceTypes.Applications, new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Application",
            ["metadata"] = JsonSerializer.SerializeToNode(metadata, KubernetesModels.Default.V1ObjectMeta),
            ["spec"] = Spec(plan, options),
        });
    }

    private static JsonObject Spec(PreviewPlan plan, PreviewOptions options) => new()
    {
        ["project"] = options.Argo.Project,
        ["destination"] = new JsonObject { ["server"] = options.Argo.Cluster, ["namespace"] = plan.Name.Value },
        ["source"] = new JsonObject
        {
            ["repoURL"] = options.Chart.Repository,
            ["chart"] = options.Chart.Name,
            ["targetRevision"] = options.Chart.Version,
            ["helm"] = new JsonObject
            {
                ["releaseName"] = plan.Name.Value,
                // JSON is YAML, and every reader agrees on what it says.
                ["values"] = Merge.Over(plan.Values, FixedValues.Of(plan, options.Environment)).ToJsonString(Readable),
            },
        },
        ["syncPolicy"] = new JsonObject
        {
            ["automated"] = new JsonObject { ["prune"] = true, ["selfHeal"] = true },
            ["syncOptions"] = new JsonArray([.. SyncOptions.Select(option => (JsonNode)option)]),
            ["retry"] = new JsonObject { ["limit"] = 5 },
        },
        ["info"] = new JsonArray(
            new JsonObject { ["name"] = "url", ["value"] = $"https://{plan.Host}" },
            new JsonObject { ["name"] = "commit", ["value"] = plan.Sha.Value }),
    };
}
