using Ebb.Kubernetes;
using Ebb.SecretBump.Changes;
using Ebb.Worker;
using k8s.Models;

namespace Ebb.SecretBump.Rollouts;

/// <summary>Why External Secrets will not bring a version, however long it is waited for (External Secrets Operator 2.9, Reconcile).</summary>
internal static class SyncHindrance
{
    /// <summary>The hindrance; null when there is none.</summary>
    /// <param name="secret">What is to be brought.</param>
    /// <param name="source">The ExternalSecret as it is.</param>
    /// <param name="target">The Secret as it is; null when there is none.</param>
    /// <param name="before">The Secret's fingerprint before the version was written; null when nobody knows.</param>
    public static ChangeException? Of(SyncedSecret secret, KubernetesObject source, V1Secret? target, string? before) =>
        NotRefreshed(secret, source) ?? (target is null ? null : NotChanged(secret, source, target, before) ?? NotOwned(secret, source, target));

    /// <summary>Why there is no Secret though it says that it is synced; null where it may come yet.</summary>
    public static ChangeException? NotMade(SyncedSecret secret, KubernetesObject source)
    {
        var policy = source.Spec.Child("target").Text("creationPolicy");
        return policy is "Merge" or "None" ? new(
            FailureKind.Unprocessable, "no-secret", $"{secret.Reference} is synced and makes no Secret {secret.Target}: its target.creationPolicy is {policy}",
            "Make the Secret, or set creationPolicy: Owner; the version is written and waits. Then ask again.") : null;
    }

    private static ChangeException? NotRefreshed(SyncedSecret secret, KubernetesObject source) => NeverRefreshes(source) is not { } reason ? null : new(
        FailureKind.Unprocessable, "never-refreshed", $"{secret.Reference} never reads the store again: {reason}",
        "Set refreshPolicy: Periodic with an interval, or OnChange; the version is written and waits.");

    private static ChangeException? NotChanged(SyncedSecret secret, KubernetesObject source, V1Secret target, string? before) =>
        Immutable(source, target) is not { } whose || IsMadeAnew(secret, target, before) ? null : new(
            FailureKind.Unprocessable, "immutable", $"Secret {secret.Target} is immutable ({whose}), so {secret.Reference} cannot change it",
            "Take the immutability away, or delete the Secret, which External Secrets then makes anew; the version is written and waits. Then ask again.");

    private static ChangeException? NotOwned(SyncedSecret secret, KubernetesObject source, V1Secret target) =>
        source.Condition("Ready") is not { IsTrue: false } || OtherOwner(source, target) is not { } owner ? null : new(
            FailureKind.Unprocessable, "owned", $"Secret {secret.Target} belongs to ExternalSecret {owner}, so {secret.Reference} does not fill it",
            "Give one of them another target.name; the version is written and waits. Then ask again.");

    private static string? NeverRefreshes(KubernetesObject source)
    {
        var interval = source.Spec.Text("refreshInterval");
        return (source.Spec.Text("refreshPolicy") ?? "Periodic") switch
        {
            "CreatedOnce" => "its refreshPolicy is CreatedOnce",
            "Periodic" when interval is not null && IsNothing(interval) => $"its refreshInterval is {interval}",
            _ => null,
        };
    }

    // Go's time.ParseDuration: 0, 0s, 0h0m, 0.0s, and what is negative.
    private static bool IsNothing(string interval) => interval.StartsWith('-') || interval.All(c => c is '0' or '.' or '+' || !char.IsAscii(c) || char.IsAsciiLetter(c));

    // With target.immutable it says that it is synced and leaves the data as they are; where only the Secret says it, it fails.
    private static string? Immutable(KubernetesObject source, V1Secret target) =>
        source.Spec.Child("target").Flag("immutable") ? $"target.immutable of {source}" : target.Immutable is true ? "by itself" : null;

    // Where the tag cannot be looked for: a Secret that is another by now was filled after the version was written.
    private static bool IsMadeAnew(SyncedSecret secret, V1Secret target, string? before) =>
        secret.TagKeys is null && before is not null && !SecretFingerprint.AreOfOneObject(before, SecretFingerprint.Of(target));

    private static string? OtherOwner(KubernetesObject source, V1Secret target) =>
        target.GetController() is { } owner && owner.Kind == source.Kind && owner.Name != source.Name() ? owner.Name : null;
}
