using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Restarts a workload for a version as <c>kubectl rollout restart</c> does, and once: what is written depends on the version alone, so that
/// whoever repeats it, at the same time or after a crash, changes nothing.
/// </summary>
internal sealed class WorkloadRestart(KubernetesClient cluster)
{
    public const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    public const string AnnotationPrefix = "ebb.dev/secret-";

    private const int MaxLostAnswers = 3;

    /// <summary>
    /// Restarts the workload. An earlier version's template would bring its pods back with what they were started with, so the workload is
    /// changed only as it was seen before the run was found to be the last.
    /// </summary>
    /// <exception cref="ChangeException">A later run has begun.</exception>
    public async Task RestartAsync(Workload workload, RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var (name, value) = (AnnotationOf(order.Place), $"{order.Place}@{order.Version.Id}");
        var lost = 0;
        while (workload.TemplateAnnotations.GetValueOrDefault(name) != value)
        {
            await order.Run.Held.RequireAsync(cancellationToken);
            try
            {
                await cluster.MergePatchAsync(workload.Reference, Patch(name, value, order.Version), workload.Source.ResourceVersion(), cancellationToken);
                steps.Done("restart", $"{workload.Key} is restarted for version {order.Version.Id}");
                return;
            }
            catch (KubernetesException changed) when (changed.Fault == KubernetesFault.Conflict || (changed.IsTransient && ++lost <= MaxLostAnswers))
            {
                workload = new Workload(workload.Reference.Type, await cluster.GetAsync(workload.Reference, cancellationToken));
            }
        }

        steps.Done("restart", $"{workload.Key} was restarted for version {order.Version.Id} already");
    }

    private static JsonObject Patch(string name, string value, StoredVersion version)
    {
        var annotations = new JsonObject
        {
            [RestartedAt] = version.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            [name] = value,
        };
        return new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } } },
        };
    }

    // One for each place, for a workload may use the secrets of several; a hash, for an annotation's name has at most 63 characters.
    private static string AnnotationOf(SecretPlace place) =>
        $"{AnnotationPrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place.ToString())))[..12]}";
}
