using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Policies;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using Ebb.Worker;

namespace Ebb.SecretBump.Rollouts;

/// <summary>Brings a version through External Secrets into the pods that use it, and follows them until they are healthy.</summary>
public sealed class SecretRollout(Lazy<KubernetesClient> cluster, RemoteKeys remoteKeys, ChangeLine line, BumpOptions options, TimeProvider time)
{
    private static readonly ResourceType[] Kinds = [ResourceTypes.Deployments, ResourceTypes.StatefulSets, ResourceTypes.DaemonSets];

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>The pod templates of the workloads that use the secret, as they are before a change.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> FingerprintsAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        if (options.NamespaceOf(place.Application, place.Environment) is not { } @namespace)
        {
            return Nothing;
        }

        var secrets = await SecretsAsync(place, @namespace, cancellationToken);
        return await FingerprintsAsync(@namespace, secrets, cancellationToken);
    }

    /// <summary>Brings the version to its workloads.</summary>
    /// <exception cref="ChangeException">It does not come, or does not run; the pods' own reason is in the message.</exception>
    internal async Task FollowAsync(RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var secrets = await SecretsAsync(order.Place, order.Namespace, cancellationToken);
        // Also of a change that is not ours: what Reloader is to restart is known by what it was before the Secret changed.
        var before = order.Before ?? await FingerprintsAsync(order.Namespace, secrets, cancellationToken);
        var sync = new SecretSync(cluster.Value, line, options, time);
        var brought = false;
        foreach (var secret in secrets)
        {
            brought |= await sync.BringAsync(secret, order, steps, cancellationToken);
        }

        var workloads = await WorkloadsAsync(order.Namespace, secrets, cancellationToken);
        if (workloads.Count == 0)
        {
            steps.Done("rollout", $"no workload in {order.Namespace} uses {string.Join(", ", secrets.Select(secret => secret.Target))}: there is nothing to restart");
            return;
        }

        var restart = new WorkloadRestart(cluster.Value, line);
        var follow = new WorkloadWatch(cluster.Value, options, time);
        await Task.WhenAll(workloads.Select(async workload =>
        {
            var podsBefore = await follow.PodsAsync(workload, cancellationToken);
            if (order.Before is not null || brought)
            {
                if (await IsReloadedAsync(workload, secrets, cancellationToken))
                {
                    await follow.UntilReloadedAsync(workload, before.GetValueOrDefault(workload.Key), steps, cancellationToken);
                }
                else
                {
                    await restart.RestartAsync(workload, order, steps, cancellationToken);
                }
            }

            await follow.UntilHealthyAsync(workload, podsBefore, steps, cancellationToken);
        }));
    }

    private async Task<IReadOnlyDictionary<string, string>> FingerprintsAsync(string @namespace, IReadOnlyList<SyncedSecret> secrets, CancellationToken cancellationToken) =>
        (await WorkloadsAsync(@namespace, secrets, cancellationToken)).ToDictionary(workload => workload.Key, workload => workload.Fingerprint);

    private async Task<bool> IsReloadedAsync(Workload workload, IReadOnlyList<SyncedSecret> secrets, CancellationToken cancellationToken)
    {
        foreach (var secret in secrets.Where(secret => workload.Uses(secret.Target)))
        {
            var source = await cluster.Value.FindAsync(ResourceTypes.Secrets.Named(secret.Reference.Namespace!, secret.Target), cancellationToken);
            if (Reloader.Restarts(workload, secret.Target, source))
            {
                return true;
            }
        }

        return false;
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

    private async Task<IReadOnlyList<Workload>> WorkloadsAsync(string @namespace, IReadOnlyList<SyncedSecret> secrets, CancellationToken cancellationToken)
    {
        var workloads = new List<Workload>();
        foreach (var kind in Kinds)
        {
            var found = await cluster.Value.ListAsync(kind, @namespace, null, cancellationToken);
            workloads.AddRange(found.Items.Select(item => new Workload(kind, item)).Where(workload => secrets.Any(secret => workload.Uses(secret.Target))));
        }

        return workloads;
    }
}
