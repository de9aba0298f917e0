using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.Worker;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Brings a version into its Kubernetes Secret now. Done is when the operator says so and the Secret holds the tag: an operator that read
/// a server which lags behind says so too early.
/// </summary>
internal sealed class SecretSync(KubernetesClient cluster, ChangeLine line, BumpOptions options, TimeProvider time)
{
    // External Secrets Operator, "Manually refresh": any annotation does; of a ClusterExternalSecret this one is handed on.
    public const string OnOne = "force-sync";
    public const string OnMaker = "external-secrets.io/force-sync";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether the Secret holds something else by it; false: it was there.</summary>
    /// <exception cref="ChangeException">It never comes, or did not in time.</exception>
    public async Task<bool> BringAsync(SyncedSecret secret, RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var tag = order.Tag;
        var source = await cluster.GetAsync(secret.Reference, cancellationToken);
        var before = await TargetAsync(secret, cancellationToken);
        if (!order.IsWhole && IsReady(source) && secret.IsHeldBy(before, tag) && secret.TagKeys.Count > 0)
        {
            steps.Done("sync", $"Secret {secret.Target} holds {tag} already");
            return false;
        }

        if (secret.NeverRefreshes is { } reason)
        {
            throw new ChangeException(
                FailureKind.Unprocessable, "never-refreshed", $"{secret.Reference} never reads the store again: {reason}",
                "Set refreshPolicy: Periodic with an interval, or OnChange; the version is written and waits.");
        }

        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            // A version that was replaced never comes.
            await line.RequireLastAsync(order.Place, order.Run, cancellationToken);
            await AskAsync(secret, source, $"{order.Version.Id}.{attempt}", steps, cancellationToken);
            source = await ReadyAsync(secret, source, Left(began), cancellationToken);
            var target = await TargetAsync(secret, cancellationToken);
            if (secret.MayBeHeldBy(target, tag))
            {
                steps.Done("sync", $"Secret {secret.Target} holds {tag}");
                return !JsonNode.DeepEquals(before?.Json["data"], target?.Json["data"]);
            }

            if (Left(began) <= Pause)
            {
                throw new ChangeException(
                    FailureKind.TimedOut, "not-synced", $"{secret.Reference} says that it is synced, but Secret {secret.Target} does not hold {tag} under {string.Join(", ", secret.TagKeys)}",
                    "Does its SecretStore read from a replica that lags, or another path? The version is written; ask again to go on.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private TimeSpan Left(long began) => options.SyncTimeout - time.GetElapsedTime(began) is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1);

    private static bool IsReady(KubernetesObject source) => source.Condition("Ready")?.IsTrue is true;

    private async Task<KubernetesObject?> TargetAsync(SyncedSecret secret, CancellationToken cancellationToken) =>
        await cluster.FindAsync(ResourceTypes.Secrets.Named(secret.Reference.Namespace!, secret.Target), cancellationToken);

    private async Task AskAsync(SyncedSecret secret, KubernetesObject source, string value, StepLog steps, CancellationToken cancellationToken)
    {
        var (asked, annotation) = secret.Maker is { } maker
            ? (await cluster.GetAsync(ResourceTypes.ClusterExternalSecrets.Named(maker), cancellationToken), OnMaker)
            : (source, OnOne);
        var reference = secret.Maker is null ? secret.Reference : ResourceTypes.ClusterExternalSecrets.Named(asked.Metadata.Name);
        var present = asked.Metadata.Annotations.GetValueOrDefault(annotation);
        var patch = new JsonObject
        {
            // The same value would change nothing, and nothing would be asked.
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = present == value ? value + "." : value } },
        };
        await cluster.MergePatchAsync(reference, patch, null, cancellationToken);
        steps.Done("ask", $"{reference} was asked to read the store");
    }

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
