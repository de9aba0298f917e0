using System.Globalization;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Keeping;

/// <summary>
/// Writes the secret that a preview's pods pull with. Secrets of previews cannot be read by this process, only written: what is in them is
/// noted in the preview's document instead.
/// </summary>
internal sealed class PullSecrets(
    KubernetesClient cluster, ObjectApplier applier, PreviewRenderer renderer, PullRobots robots, PreviewOptions options, PreviewJournal journal, TimeProvider time)
{
    public Task WriteAsync(PreviewAttempt attempt, PreviewPlan plan, KubernetesObject ns, CancellationToken cancellationToken) => options.Environment switch
    {
        _ when !plan.WithSecrets => Task.CompletedTask,
        { PullSecret: { } name } => CopyAsync(attempt, plan, ns, name, cancellationToken),
        { Robot: { } robot } => MakeAsync(attempt, plan, $"{ns.Metadata.Uid}/robot/{robot.Project}/", robot, cancellationToken),
        _ => Task.CompletedTask,
    };

    private async Task CopyAsync(PreviewAttempt attempt, PreviewPlan plan, KubernetesObject ns, SecretName name, CancellationToken cancellationToken)
    {
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

    private async Task MakeAsync(PreviewAttempt attempt, PreviewPlan plan, string written, HarborRobotOptions robot, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (attempt.Known!.Applied is { } applied && applied.StartsWith(written, StringComparison.Ordinal)
            && now < DateTimeOffset.ParseExact(applied[written.Length..], "O", CultureInfo.InvariantCulture))
        {
            return;
        }

        var content = await robots.MakeAsync(plan, cancellationToken);
        await applier.ApplyUnseenAsync(renderer.Secret(plan, content), cancellationToken);
        var renewed = now + (TimeSpan.FromDays(robot.Days) / 2);
        await journal.NoteAppliedAsync(attempt, written + renewed.ToString("O", CultureInfo.InvariantCulture), cancellationToken);
    }
}
