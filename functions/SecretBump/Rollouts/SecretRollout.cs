using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Rollouts;

/// <summary>Brings a version through External Secrets into the pods that use it, and follows them until they are healthy.</summary>
public sealed class SecretRollout(Lazy<KubernetesClient> cluster, RemoteKeys remoteKeys, BumpOptions options, TimeProvider time)
{
    private static readonly ResourceType[] Kinds = [ResourceTypes.Deployments, ResourceTypes.StatefulSets, ResourceTypes.DaemonSets];

    /// <summary>The pod templates of the workloads that use the secret, and the Kubernetes Secrets, as they are before a change.</summary>
    /// <exception cref="ChangeException">The secret cannot be rolled out.</exception>
    internal async Task<ClusterBefore> LookAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        if (options.NamespaceOf(place.Application, place.Environment) is not { } @namespace)
        {
            return ClusterBefore.Nothing;
        }

        var secrets = await SecretsAsync(place, @namespace, cancellationToken);
        var targets = await TargetsAsync(secrets, ClusterBefore.Nothing, cancellationToken);
        var workloads = await WorkloadsAsync(@namespace, targets, cancellationToken);
        return new ClusterBefore(
            workloads.ToDictionary(workload => workload.Key, workload => workload.Fingerprint), targets.ToDictionary(target => target.Name, target => SecretFingerprint.Of(target.Secret)));
    }

    /// <summary>Brings the version to its workloads.</summary>
    /// <exception cref="ChangeException">It does not come, or does not run; the pods' own reason is in the message.</exception>
    internal async Task FollowAsync(RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var secrets = await SecretsAsync(order.Place, order.Namespace, cancellationToken);
        var sync = new SecretSync(cluster.Value, options, time);
        foreach (var secret in secrets)
        {
            await sync.BringAsync(secret, order, steps, cancellationToken);
        }

        var targets = await TargetsAsync(secrets, order.Before, cancellationToken);
        var workloads = await WorkloadsAsync(order.Namespace, targets, cancellationToken);
        if (workloads.Count == 0)
        {
            steps.Done("rollout", $"no workload in {order.Namespace} uses {string.Join(", ", targets.Select(target => target.Name))}: there is nothing to restart");
            return;
        }

        var restart = new WorkloadRestart(cluster.Value);
        var follow = new WorkloadWatch(cluster.Value, options, time);
        await Task.WhenAll(workloads.Select(async workload =>
        {
            var podsBefore = await follow.PodsAsync(workload, cancellationToken);
            var changed = targets.Where(target => target.IsChanged && workload.Uses(target.Name)).ToList();
            if (changed.Exists(target => IsLeftToReloader(workload, target, order)))
            {
                await follow.UntilReloadedAsync(workload, order.Before.Workloads.GetValueOrDefault(workload.Key), steps, cancellationToken);
            }
            else if (changed.Count > 0)
            {
                await restart.RestartAsync(workload, order, steps, cancellationToken);
            }

            await follow.UntilHealthyAsync(workload, podsBefore, steps, cancellationToken);
        }));
    }

    private bool IsLeftToReloader(Workload workload, DeliveredSecret target, RolloutOrder order) =>
        target is { IsUpdated: true, Secret: { } secret } && Reloader.Restarts(workload, secret, options.PolicyOf(order.Place.Environment).Reloader)
            && (order.Before.Workloads.GetValueOrDefault(workload.Key) != workload.Fingerprint || !Reloader.HasSeen(workload, secret));

    private async Task<IReadOnlyList<DeliveredSecret>> TargetsAsync(IReadOnlyList<SyncedSecret> secrets, ClusterBefore before, CancellationToken cancellationToken)
    {
        var targets = new List<DeliveredSecret>();
        foreach (var reference in secrets.Where(secret => secret.FillsSecret).Select(secret => ResourceTypes.Secrets.Named(secret.Reference.Namespace!, secret.Target)).Distinct())
        {
            targets.Add(new DeliveredSecret(reference.Name, (await cluster.Value.FindAsync(reference, cancellationToken))?.As(KubernetesModels.Default.V1Secret), before.Secret(reference.Name)));
        }

        return targets;
    }

    private async Task<IReadOnlyList<SyncedSecret>> SecretsAsync(SecretPlace place, string @namespace, CancellationToken cancellationToken)
    {
        if (!ObjectReference.IsNamespace(@namespace))
        {
            throw new ChangeException(
                FailureKind.Unprocessable, "namespace", $"'{@namespace}' is no namespace", "Set SecretBump:Namespace, or that of the environment, so that it makes one of the names.");
        }

        var keys = remoteKeys.Of(place);
        var found = await cluster.Value.ListAsync(ResourceTypes.ExternalSecrets, @namespace, null, cancellationToken);
        IReadOnlyList<SyncedSecret> secrets = [.. found.Items.Select(item => SyncedSecret.Of(item, keys, options.TagKey)).OfType<SyncedSecret>()];
        return secrets.Count > 0 ? secrets : throw new ChangeException(
            FailureKind.Unprocessable, "no-external-secret", $"no ExternalSecret in the namespace {@namespace} reads {string.Join(" or ", keys.Order(StringComparer.Ordinal))}",
            "Make one, or correct SecretBump:Namespace; where nothing runs in Kubernetes, leave it out.");
    }

    private async Task<IReadOnlyList<Workload>> WorkloadsAsync(string @namespace, IReadOnlyList<DeliveredSecret> targets, CancellationToken cancellationToken)
    {
        var workloads = new List<Workload>();
        foreach (var kind in Kinds)
        {
            var found = await cluster.Value.ListAsync(kind, @namespace, null, cancellationToken);
            workloads.AddRange(found.Items.Select(item => new Workload(kind, item)).Where(workload => targets.Any(target => workload.Uses(target.Name))));
        }

        return workloads;
    }
}
