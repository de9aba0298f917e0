using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ebb.TestServers.Kubernetes.Controllers;

/// <summary>
/// The deployment controller and the kubelet in one, without ReplicaSets: makes pods of the newest template, ends older ones when
/// those are ready, and reports it (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status).
/// </summary>
public sealed class DeploymentController(Cluster cluster) : ClusterController(cluster, "deployments", "pods")
{
    private const string HashLabel = "pod-template-hash";
    private const string Manager = "kube-controller-manager";

    /// <summary>What becomes of the pods of a deployment's newest template. Default: they run. After changing the answer: <see cref="ClusterController.LookAgain"/>.</summary>
    public Func<JsonObject, PodOutcome> Outcome { get; set; } = _ => PodOutcome.Ready;

    /// <summary>Called with each pod that is made, while nobody else changes anything: what its containers are started with is as it is now.</summary>
    public Action<JsonObject>? PodMade { get; set; }

    protected override void Reconcile(string plural, JsonObject item, JsonObject? before)
    {
        var name = plural == "deployments" ? item.Name() : item.Child("metadata").Objects("ownerReferences").FirstOrDefault(owner => owner.Text("kind") == "Deployment").Text("name");
        if (name is not null && Cluster.Find("deployments", item.Namespace(), name) is { } deployment && !deployment.IsDeleted())
        {
            Cluster.Do(() => Bring(deployment));
        }
    }

    private bool Bring(JsonObject deployment)
    {
        var outcome = Outcome(deployment);
        var hash = Hash(deployment);
        var desired = (int)deployment.Child("spec").Number("replicas", 1);
        var failure = MakePods(deployment, hash, desired);
        foreach (var pod in Pods(deployment).Where(pod => pod.Label(HashLabel) == hash))
        {
            Settle(pod, outcome);
        }

        var ready = Pods(deployment).Count(pod => pod.Label(HashLabel) == hash && IsReady(pod));
        var old = Pods(deployment).Where(pod => pod.Label(HashLabel) != hash).ToList();
        foreach (var pod in old.Take(desired == 0 || ready >= desired ? old.Count : 0).Concat(Pods(deployment).Where(pod => pod.Label(HashLabel) == hash).Skip(desired)))
        {
            Cluster.Delete("pods", pod.Namespace(), pod.Name());
        }

        Report(deployment, hash, desired, outcome, failure);
        return true;
    }

    private string? MakePods(JsonObject deployment, string hash, int desired)
    {
        for (var count = Pods(deployment).Count(pod => pod.Label(HashLabel) == hash); count < desired; count++)
        {
            try
            {
                var pod = Cluster.Create("pods", NewPod(deployment, hash, FreeName(deployment, hash)), Manager);
                PodMade?.Invoke(pod);
            }
            catch (ApiException exception)
            {
                return exception.Message;
            }
        }

        return null;
    }

    // The same name again after a refusal, so that the same refusal says the same and nothing is written for it.
    private string FreeName(JsonObject deployment, string hash)
    {
        var taken = Cluster.List("pods", deployment.Namespace()).Select(ObjectJson.Name).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).Select(i => $"{deployment.Name()}-{hash}-{i:00000}").First(name => !taken.Contains(name));
    }

    private static JsonObject NewPod(JsonObject deployment, string hash, string name)
    {
        var template = deployment.Child("spec").Child("template")!.Copy();
        var metadata = template.Metadata();
        metadata["name"] = name;
        metadata["namespace"] = deployment.Namespace();
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["name"] = deployment.Name(),
            ["uid"] = deployment.Uid(),
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[HashLabel] = hash;
        return template;
    }

    private void Settle(JsonObject pod, PodOutcome outcome) => Cluster.ChangeStatus(
        "pods", pod.Namespace(), pod.Name(),
        status =>
        {
            var ready = outcome.Reason is null;
            status["phase"] = ready || outcome.Reason == "CrashLoopBackOff" ? "Running" : "Pending";
            status["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" },
                new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False", ["reason"] = ready ? "" : "ContainersNotReady" });
            status["containerStatuses"] = new JsonArray([.. pod.Child("spec").Objects("containers").Select(container => (JsonNode)Container(container, outcome))]);
        },
        "kubelet");

    private static JsonObject Container(JsonObject container, PodOutcome outcome)
    {
        var crashed = outcome.Reason == "CrashLoopBackOff";
        var status = new JsonObject
        {
            ["name"] = container.Text("name"),
            ["image"] = container.Text("image"),
            ["imageID"] = "",
            ["ready"] = outcome.Reason is null,
            ["restartCount"] = crashed ? 5 : 0,
            ["started"] = outcome.Reason is null,
            ["state"] = outcome.Reason is null
                ? new JsonObject { ["running"] = new JsonObject() }
                : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = outcome.Reason, ["message"] = outcome.Message } },
        };
        if (crashed)
        {
            status["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 1, ["reason"] = "Error" } };
        }

        return status;
    }

    private void Report(JsonObject deployment, string hash, int desired, PodOutcome outcome, string? failure)
    {
        var pods = Pods(deployment).ToList();
        var updated = pods.Count(pod => pod.Label(HashLabel) == hash);
        var ready = pods.Count(IsReady);
        var complete = updated == desired && pods.Count == updated && ready == desired;
        Cluster.ChangeStatus(
            "deployments", deployment.Namespace(), deployment.Name(),
            status =>
            {
                status["observedGeneration"] = deployment.Child("metadata").Number("generation");
                Set(status, "replicas", pods.Count);
                Set(status, "updatedReplicas", updated);
                Set(status, "readyReplicas", ready);
                Set(status, "availableReplicas", ready);
                Set(status, "unavailableReplicas", Math.Max(0, desired - ready));
                status["conditions"] = new JsonArray([.. Conditions(deployment, hash, complete, ready >= desired, outcome, failure)]);
            },
            Manager);
    }

    private static IEnumerable<JsonNode> Conditions(JsonObject deployment, string hash, bool complete, bool available, PodOutcome outcome, string? failure)
    {
        var set = $"ReplicaSet \"{deployment.Name()}-{hash}\"";
        yield return available
            ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
            : Condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
        yield return (complete, outcome.DeadlineExceeded) switch
        {
            (true, _) => Condition("Progressing", "True", "NewReplicaSetAvailable", $"{set} has successfully progressed."),
            (_, true) => Condition("Progressing", "False", "ProgressDeadlineExceeded", $"{set} has timed out progressing."),
            _ => Condition("Progressing", "True", "ReplicaSetUpdated", $"{set} is progressing."),
        };
        if (failure is not null)
        {
            yield return Condition("ReplicaFailure", "True", "FailedCreate", failure);
        }
    }

    private static JsonObject Condition(string type, string status, string reason, string message) =>
        new() { ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = message };

    // Counts of zero are left out, as the real status leaves them out.
    private static void Set(JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = count;
        }
    }

    private IEnumerable<JsonObject> Pods(JsonObject deployment) => Cluster.List("pods", deployment.Namespace())
        .Where(pod => !pod.IsDeleted() && pod.Child("metadata").Objects("ownerReferences").Any(owner => owner.Text("uid") == deployment.Uid()));

    private static bool IsReady(JsonObject pod) => pod.Child("status").Objects("conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    private static string Hash(JsonObject deployment) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deployment.Child("spec")!["template"]!.ToJsonString())))[..10];
}
