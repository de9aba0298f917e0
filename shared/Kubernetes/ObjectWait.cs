using Ebb.Kubernetes.Workloads;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>Waits for one object by watching it.</summary>
internal static class ObjectWait
{
    public static async Task<KubernetesObject?> RunAsync(
        ObjectWatch watch, ObjectReference reference, Func<KubernetesObject?, bool> until, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var options = new ListOptions { FieldSelector = "metadata.name=" + reference.Name };
        KubernetesObject? last = null;
        try
        {
            await foreach (var change in watch.FollowAsync(reference.Type, reference.Namespace, options, either.Token))
            {
                // While a list is told, an object that went and came again is told as two events; the marker after it has the sum.
                last = change switch { null => last, { Type: WatchEventType.Deleted } => null, _ => change.Item };
                if (until(last))
                {
                    return last;
                }
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Told below.
        }

        throw new KubernetesException($"{reference} is not as awaited after {timeout.TotalSeconds:0.#} s. {Describe(last)}", KubernetesFault.TimedOut) { LastSeen = last };
    }

    private static string Describe(KubernetesObject? last) => last switch
    {
        null => "It is not there.",
        { Metadata.DeletionTimestamp: not null } => TerminationState.Of(last).ToString(),
        _ => $"It is there and not being deleted (version {last.ResourceVersion()}).",
    };
}
