using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.Worker;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Brings a version into its Kubernetes Secret now. Done is when the ExternalSecret says so and, where it can be known where the tag must
/// be, the Secret holds it: an operator that read a server which lags behind says so too early.
/// </summary>
internal sealed class SecretSync(KubernetesClient cluster, BumpOptions options, TimeProvider time)
{
    // External Secrets Operator, "Manually refresh": any annotation does; of a ClusterExternalSecret this one is handed on.
    public const string OnOne = "force-sync";
    public const string OnMaker = "external-secrets.io/force-sync";

    // How often it is asked where nothing tells a server that lags from a Secret that the version does not change.
    private const int MaxUnsureAsks = 3;
    private const int MaxLostAnswers = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);

    /// <summary>Brings it, unless it is there.</summary>
    /// <exception cref="ChangeException">It never comes, or did not in time.</exception>
    public async Task BringAsync(SyncedSecret secret, RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var source = await cluster.GetAsync(secret.Reference, cancellationToken);
        var target = await TargetAsync(secret, cancellationToken);
        if (!order.IsWhole && IsReady(source) && secret.Holds(target, order.Tag) is true)
        {
            steps.Done("sync", $"Secret {secret.Target} holds {order.Tag} already");
            return;
        }

        if (SyncHindrance.Of(secret, source, target, order.Before.Secret(secret.Target)) is { } hindrance)
        {
            throw hindrance;
        }

        await AskUntilThereAsync(secret, source, order, steps, cancellationToken);
    }

    private async Task AskUntilThereAsync(SyncedSecret secret, KubernetesObject source, RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var (began, pause) = (time.GetTimestamp(), FirstPause);
        for (var attempt = 1; ; attempt++)
        {
            // A version that was replaced never comes.
            await order.Run.Held.RequireAsync(cancellationToken);
            source = await AskAsync(secret, source, $"{order.Version.Id}.{attempt}", steps, cancellationToken);
            source = await ReadyAsync(secret, source, Left(began), cancellationToken);
            var target = await TargetAsync(secret, cancellationToken);
            if (Delivered(secret, target, order, attempt) is { } how)
            {
                steps.Done("sync", how);
                return;
            }

            if (target is null && SyncHindrance.NotMade(secret, source) is { } hindrance)
            {
                throw hindrance;
            }

            if (Left(began) <= pause)
            {
                throw new ChangeException(
                    FailureKind.TimedOut, "not-synced",
                    $"{secret.Reference} says that it is synced ({source.Condition("Ready")?.Reason}), but Secret {secret.Target} does not hold {order.Tag}{(secret.TagKeys is { } keys ? $" under {string.Join(", ", keys)}" : "")}",
                    "Does its SecretStore read from a replica that lags, or another path? The version is written; ask again to go on.");
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // How it was delivered; null when it was not.
    private static string? Delivered(SyncedSecret secret, V1Secret? target, RolloutOrder order, int attempt)
    {
        if (secret.Holds(target, order.Tag) is { } holds)
        {
            return holds ? $"Secret {secret.Target} holds {order.Tag}" : null;
        }

        if (!secret.FillsSecret)
        {
            return $"delivered; what {secret.Reference} fills is no Secret and is not looked into";
        }

        var isThere = target is not null && SyncedSecret.Mentions(target, order.Tag);
        var isNew = order.Before.Secret(secret.Target) is not { } before || before != SecretFingerprint.Of(target);
        return target is null || (!isNew && attempt < MaxUnsureAsks) ? null
            : $"Secret {secret.Target} was delivered{(isNew ? "" : ", and nothing in it has changed")}; {order.Tag} {(isThere ? "is" : "could not be found")} in it";
    }

    private TimeSpan Left(long began) => options.SyncTimeout - time.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1);

    private static bool IsReady(KubernetesObject source) => source.Condition("Ready")?.IsTrue is true;

    private async Task<V1Secret?> TargetAsync(SyncedSecret secret, CancellationToken cancellationToken) =>
        (await cluster.FindAsync(ResourceTypes.Secrets.Named(secret.Reference.Namespace!, secret.Target), cancellationToken))?.As(KubernetesModels.Default.V1Secret);

    // Gives the ExternalSecret as it was when it was asked.
    private async Task<KubernetesObject> AskAsync(SyncedSecret secret, KubernetesObject source, string value, StepLog steps, CancellationToken cancellationToken)
    {
        if (await MakerAsync(secret, cancellationToken) is { } maker)
        {
            var reference = ResourceTypes.ClusterExternalSecrets.Named(maker.Name());
            await AnnotateAsync(reference, maker, OnMaker, value, cancellationToken);
            steps.Done("ask", $"{reference} was asked to read the store");
            return source;
        }

        source = await AnnotateAsync(secret.Reference, source, OnOne, value, cancellationToken);
        steps.Done("ask", $"{secret.Reference} was asked to read the store");
        return source;
    }

    // Changed exactly as it was read: any report that the operator makes after that is of a sync that saw the request.
    private async Task<KubernetesObject> AnnotateAsync(ObjectReference reference, KubernetesObject source, string annotation, string value, CancellationToken cancellationToken)
    {
        // The same value would change nothing, and nothing would be asked.
        value = source.GetAnnotation(annotation) == value ? value + "." : value;
        var lost = 0;
        while (true)
        {
            try
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } };
                await cluster.MergePatchAsync(reference, patch, source.ResourceVersion(), cancellationToken);
                return source;
            }
            catch (KubernetesException changed) when (changed.Fault == KubernetesFault.Conflict || (changed.IsTransient && ++lost <= MaxLostAnswers))
            {
                var now = await cluster.GetAsync(reference, cancellationToken);
                if (now.GetAnnotation(annotation) == value)
                {
                    return source;
                }

                source = now;
            }
        }
    }

    // Only one that makes it indeed: whoever makes an ExternalSecret by hand can claim any owner.
    private async Task<KubernetesObject?> MakerAsync(SyncedSecret secret, CancellationToken cancellationToken) =>
        secret.Maker is { } claimed && await cluster.FindAsync(ResourceTypes.ClusterExternalSecrets.Named(claimed.Name), cancellationToken) is { } maker
            && maker.Uid() == claimed.Uid && (maker.Spec.Text("externalSecretName") ?? maker.Name()) == secret.Reference.Name
            ? maker
            : null;

    private async Task<KubernetesObject> ReadyAsync(SyncedSecret secret, KubernetesObject before, TimeSpan left, CancellationToken cancellationToken)
    {
        var known = before.Status.Text("syncedResourceVersion");
        try
        {
            var source = await cluster.WaitAsync(
                secret.Reference, source => source is not null && source.Status.Text("syncedResourceVersion") != known && IsReady(source), left, cancellationToken);
            return source!;
        }
        catch (KubernetesException late) when (late.Fault == KubernetesFault.TimedOut)
        {
            var words = late.LastSeen?.Condition("Ready") is { IsTrue: false } ready ? $": {ready.Reason}: {ready.Message}" : "; its operator did not look. Is it running?";
            throw new ChangeException(
                FailureKind.TimedOut, "not-synced", $"{secret.Reference} was not synced within {options.SyncTimeout}{words}",
                "Look at the ExternalSecret and its SecretStore. The version is written; ask again to go on.", late);
        }
    }
}
