using Ebb.Contracts.Previews;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Keeping;

/// <summary>Writes a preview's objects: first everything that confines it, then what makes it run.</summary>
internal sealed class Environments(ObjectApplier applier, PreviewRenderer renderer, PreviewOptions options, PullSecrets secrets, PreviewJournal journal)
{
    /// <summary>The namespace with its quota, limits, policies and secret.</summary>
    public async Task PrepareAsync(PreviewAttempt attempt, PreviewPlan plan, CancellationToken cancellationToken)
    {
        if (attempt.Known?.Written is null)
        {
            await journal.MoveAsync(attempt, PreviewState.Preparing, cause: null, removal: null, cancellationToken);
            await PreviewJournal.NoteWritingAsync(attempt, cancellationToken);
        }

        var ns = await applier.ApplyAsync(NamespaceObjects.Namespace(plan, options.Environment), plan.PullRequest, cancellationToken);
        foreach (var rendered in renderer.Surroundings(plan).Skip(1))
        {
            await applier.ApplyAsync(rendered, cancellationToken);
        }

        attempt.Known = await secrets.WriteAsync(attempt.Documents, attempt.Known!, plan, ns, cancellationToken);
    }

    /// <summary>The Application.</summary>
    public Task RunAsync(PreviewPlan plan, CancellationToken cancellationToken) =>
        applier.ApplyAsync(renderer.Application(plan), plan.PullRequest, cancellationToken);
}
