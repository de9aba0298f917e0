using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Keeping;

/// <summary>Writes a preview's objects: first everything that confines it, then what makes it run.</summary>
internal sealed class Environments(KubernetesClient cluster, ObjectApplier applier, PreviewRenderer renderer, PreviewOptions options, PreviewJournal journal)
{
    private const string WithoutSecret = "objects";

    /// <summary>The namespace with its quota, limits, policies and secret.</summary>
    public async Task PrepareAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (attempt.Known?.Applied is null)
        {
            await journal.MoveAsync(attempt, PreviewState.Preparing, cause: null, removal: null, cancellationToken);
            await journal.NoteAppliedAsync(attempt, WithoutSecret, cancellationToken);
        }

        var ns = await applier.ApplyAsync(NamespaceObjects.Namespace(plan, options.Environment), plan.PullRequest, cancellationToken);
        foreach (var rendered in renderer.Surroundings(plan).Skip(1))
        {
            await applier.ApplyAsync(rendered, cancellationToken);
        }

        await CopySecretAsync(attempt, plan, ns, cancellationToken);
    }

    /// <summary>The Application.</summary>
    public Task RunAsync(PreviewPlan plan, CancellationToken cancellationToken) =>
        applier.ApplyAsync(renderer.Application(plan), plan.PullRequest, cancellationToken);

    // Secrets of previews cannot be read by this process, only written: what the copy was made from is noted instead.
    private async Task CopySecretAsync(PreviewAttempt attempt, PreviewPlan plan, KubernetesObject ns, CancellationToken cancellationToken)
    {
        if (!plan.WithSecrets || options.Environment.PullSecret is not { } name)
        {
            return;
        }

        var source = await cluster.FindAsync(ResourceTypes.Secrets.Named(name.Namespace, name.Name), cancellationToken);
        if (source is null || PullSecret.ContentOf(source) is not { } content)
        {
            throw new PreviewException($"The platform's secret {name.Namespace}/{name.Name} to pull images with is missing or of another type; ask those who run the platform.");
        }

        var copied = $"{ns.Metadata.Uid}/{source.Metadata.Uid}/{source.Metadata.ResourceVersion}";
        if (attempt.Known!.Applied != copied)
        {
            await applier.ApplyUnseenAsync(renderer.Secret(plan, content), cancellationToken);
            await journal.NoteAppliedAsync(attempt, copied, cancellationToken);
        }
    }
}
