using Ebb.Contracts.Secrets;

namespace Ebb.SecretBump.Rollouts;

/// <summary>What was in the cluster before a version was brought there. It outlives a crash, so that what was delivered is restarted.</summary>
/// <param name="Workloads">The workloads' pod templates, as fingerprints by <c>Kind/name</c>.</param>
/// <param name="Secrets">The Kubernetes Secrets, as <see cref="SecretFingerprint"/> by name; null: nobody looked, and each counts as changed.</param>
internal sealed record ClusterBefore(IReadOnlyDictionary<string, string> Workloads, IReadOnlyDictionary<string, string>? Secrets)
{
    /// <summary>Nothing that the change concerns.</summary>
    public static ClusterBefore Nothing { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    public static ClusterBefore Of(BegunChange begun) => new(begun.Workloads, begun.Secrets);

    public static ClusterBefore Of(FollowedVersion followed) => new(followed.Workloads, followed.Secrets);

    /// <summary>What a Secret was; null when nobody knows.</summary>
    public string? Secret(string name) => Secrets?.GetValueOrDefault(name);
}
