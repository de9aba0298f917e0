using System.Text.Json.Nodes;
using Ebb.Kubernetes.Workloads;

namespace Ebb.Kubernetes.Tests;

public sealed class WorkloadTests
{
    [Theory]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 1}""", RolloutPhase.Progressing, "not seen the change")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "updatedReplicas": 1, "replicas": 2}""", RolloutPhase.Progressing, "1 of 2 new pods")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "updatedReplicas": 2, "replicas": 3}""", RolloutPhase.Progressing, "1 old pods")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 1}""", RolloutPhase.Progressing, "1 of 2 new pods are available")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 2}""", RolloutPhase.Complete, "rolled out")]
    [InlineData("""{"replicas": 0}""", """{"observedGeneration": 2}""", RolloutPhase.Complete, "rolled out")]
    [InlineData("""{"replicas": 1}""", """{"observedGeneration": 2, "conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out"}]}""", RolloutPhase.Failed, "timed out")]
    public void Deployment_EachState_ToldAsKubectlDoes(string spec, string status, RolloutPhase phase, string words) => Check("Deployment", spec, status, phase, words);

    [Theory]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "readyReplicas": 1}""", RolloutPhase.Progressing, "1 of 2 pods are ready")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "readyReplicas": 2, "updateRevision": "b", "currentRevision": "a"}""", RolloutPhase.Progressing, "new revision")]
    [InlineData("""{"replicas": 2}""", """{"observedGeneration": 2, "readyReplicas": 2, "updateRevision": "b", "currentRevision": "b", "availableReplicas": 2}""", RolloutPhase.Complete, "rolled out")]
    [InlineData("""{"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 1}}}""", """{"observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 2}""", RolloutPhase.Complete, "partition")]
    [InlineData("""{"replicas": 2, "updateStrategy": {"type": "OnDelete"}}""", """{"observedGeneration": 2}""", RolloutPhase.Unknown, "OnDelete")]
    public void StatefulSet_EachState_ToldAsKubectlDoes(string spec, string status, RolloutPhase phase, string words) => Check("StatefulSet", spec, status, phase, words);

    [Theory]
    [InlineData("""{"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 1}""", RolloutPhase.Progressing, "1 of 3 new pods")]
    [InlineData("""{"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 2}""", RolloutPhase.Progressing, "2 of 3")]
    [InlineData("""{"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 3}""", RolloutPhase.Complete, "rolled out")]
    public void DaemonSet_EachState_ToldAsKubectlDoes(string status, RolloutPhase phase, string words) => Check("DaemonSet", "{}", status, phase, words);

    [Theory]
    [InlineData("""{"containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}""", "pod p, container web: ImagePullBackOff: Back-off pulling image")]
    [InlineData("""{"containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}""", "pod p, container web: CrashLoopBackOff (exit code 137): it last ended with OOMKilled")]
    [InlineData("""{"initContainerStatuses": [{"name": "migrate", "state": {"terminated": {"exitCode": 2, "reason": "Error"}}}]}""", "pod p, container migrate: Error (exit code 2)")]
    [InlineData("""{"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available"}]}""", "pod p: Unschedulable: 0/3 nodes are available")]
    [InlineData("""{"phase": "Failed", "reason": "Evicted", "message": "low on memory"}""", "pod p: Evicted: low on memory")]
    [InlineData("""{"containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "ContainerCreating"}}}]}""", null)]
    [InlineData("""{"phase": "Running", "containerStatuses": [{"name": "web", "state": {"running": {}}, "lastState": {"terminated": {"exitCode": 1}}}]}""", null)]
    [InlineData("""{"containerStatuses": "nonsense", "conditions": [1, null]}""", null)]
    public void PodFailure_EachState_ToldInItsWords(string status, string? words)
    {
        var pod = new KubernetesObject(new JsonObject { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "p" }, ["status"] = JsonNode.Parse(status) });

        PodFailure.Of(pod)?.ToString().ShouldBe(words);
        (PodFailure.Of(pod) is null).ShouldBe(words is null);
    }

    private static void Check(string kind, string spec, string status, RolloutPhase phase, string words)
    {
        var item = new JsonObject { ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = "a", ["generation"] = 2 }, ["spec"] = JsonNode.Parse(spec), ["status"] = JsonNode.Parse(status) };
        var rollout = RolloutStatus.Of(new KubernetesObject(item));

        rollout.Phase.ShouldBe(phase);
        rollout.Message.ShouldContain(words);
        rollout.IsComplete.ShouldBe(phase == RolloutPhase.Complete);
    }
}
