using Ebb.Contracts.Previews;
using Ebb.Kubernetes;
using Ebb.PrPreview.Cluster;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;
using k8s.Models;

namespace Ebb.PrPreview.Keeping;

/// <summary>
/// Writes the secret that a preview's pods pull with. It is not looked up before: what was written is noted in the preview's document, and
/// the policy that confines this process admits no other secret (<see cref="Rights.PreviewRights"/>).
/// </summary>
internal sealed class PullSecrets(
    KubernetesClient cluster, ObjectApplier applier, PreviewRenderer renderer, PullRobots robots, PreviewOptions options, TimeProvider time)
{
    /// <summary>Writes it where it is not as it shall be, or where its robot is in the second half of its life.</summary>
    /// <returns>The preview as it is stored then.</returns>
    public Task<Preview> WriteAsync(PreviewDocuments documents, Preview known, PreviewPlan plan, KubernetesObject ns, CancellationToken cancellationToken) => options.Environment switch
    {
        _ when !plan.WithSecrets => Task.FromResult(known),
        { PullSecret: { } name } => CopyAsync(documents, known, plan, ns, name, cancellationToken),
        { Robot: { } robot } => MakeAsync(documents, known, plan, ns, robot, cancellationToken),
        _ => Task.FromResult(known),
    };

    /// <summary>Writes it with a new robot account.</summary>
    /// <returns>The preview as it is stored then.</returns>
    public async Task<Preview> RenewAsync(PreviewDocuments documents, Preview known, PreviewPlan plan, KubernetesObject ns, HarborRobotOptions robot, CancellationToken cancellationToken)
    {
        // Before it is made: the note may end sooner than the account, never later.
        var expires = time.GetUtcNow() + TimeSpan.FromDays(robot.Days);
        var content = await robots.MakeAsync(plan, cancellationToken);
        await applier.ApplyUnseenAsync(renderer.Secret(plan, content), cancellationToken);
        var made = new PullRobot(ns.Uid(), robot.Project, expires);
        return await documents.WriteAsync(known, known with { Written = new WrittenObjects { Robot = made } }, cancellationToken);
    }

    private async Task<Preview> CopyAsync(PreviewDocuments documents, Preview known, PreviewPlan plan, KubernetesObject ns, SecretName name, CancellationToken cancellationToken)
    {
        var source = (await cluster.FindAsync(ResourceTypes.Secrets.Named(name.Namespace, name.Name), cancellationToken))?.As(KubernetesModels.Default.V1Secret);
        if (source is null || PullSecret.ContentOf(source) is not { } content)
        {
            throw new PreviewException($"The platform's secret {name.Namespace}/{name.Name} to pull images with is missing or of another type; ask those who run the platform.");
        }

        var copy = new PullSecretCopy(ns.Uid(), source.Uid(), source.ResourceVersion());
        if (known.Written?.Copy == copy)
        {
            return known;
        }

        await applier.ApplyUnseenAsync(renderer.Secret(plan, content), cancellationToken);
        return await documents.WriteAsync(known, known with { Written = new WrittenObjects { Copy = copy } }, cancellationToken);
    }

    private Task<Preview> MakeAsync(PreviewDocuments documents, Preview known, PreviewPlan plan, KubernetesObject ns, HarborRobotOptions robot, CancellationToken cancellationToken) =>
        known.Written?.Robot is { } there && there.NamespaceUid == ns.Uid() && there.Project == robot.Project
            && time.GetUtcNow() + (TimeSpan.FromDays(robot.Days) / 2) < there.ExpiresAt
            ? Task.FromResult(known)
            : RenewAsync(documents, known, plan, ns, robot, cancellationToken);
}
