using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ebb.Kubernetes;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Rollouts;

/// <summary>
/// Restarts a workload for a version as <c>kubectl rollout restart</c> does, and once: what is written depends on the version alone, so that
/// whoever repeats it, at the same time or after a crash, changes nothing.
/// </summary>
internal sealed class WorkloadRestart(KubernetesClient cluster)
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    public async Task RestartAsync(Workload workload, RolloutOrder order, StepLog steps, CancellationToken cancellationToken)
    {
        var (name, value) = (AnnotationOf(order.Place), $"{order.Place}@{order.Version.Id}");
        if (workload.TemplateAnnotation(name) == value)
        {
            steps.Done("restart", $"{workload.Key} was restarted for version {order.Version.Id} already");
            return;
        }

        var annotations = new JsonObject
        {
            [RestartedAt] = order.Version.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            [name] = value,
        };
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } } },
        };
        await cluster.MergePatchAsync(workload.Reference, patch, null, cancellationToken);
        steps.Done("restart", $"{workload.Key} is restarted for version {order.Version.Id}");
    }

    // One for each place, for a workload may use the secrets of several; a hash, for an annotation's name has at most 63 characters.
    private static string AnnotationOf(SecretPlace place) =>
        $"ebb.dev/secret-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place.ToString())))[..12]}";
}
