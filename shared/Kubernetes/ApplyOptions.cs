namespace Ebb.Kubernetes;

/// <summary>How an object is applied (Kubernetes, Server-Side Apply).</summary>
public sealed record ApplyOptions
{
    /// <summary>Who owns the fields; null: <see cref="KubernetesOptions.FieldManager"/>.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Takes fields over that another manager owns. Default true, as the guide recommends for controllers; false: <see cref="KubernetesFault.OwnedByAnother"/>.</summary>
    public bool Force { get; init; } = true;

    /// <summary>Changes nothing and answers what would be. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>The object as it was read a moment ago, which saves reading it again to tell whether it changed.</summary>
    public KubernetesObject? Known { get; init; }
}
