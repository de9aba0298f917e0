namespace Ebb.Kubernetes;

/// <summary>How an object is patched.</summary>
public sealed record PatchOptions
{
    /// <summary>Fails with <see cref="KubernetesFault.Conflict"/> when the object is another version than this. Null: whatever is there is patched.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Patches the <c>status</c> subresource, where the type has one. Default false.</summary>
    public bool Status { get; init; }

    /// <summary>Who is noted as having written the fields; null: <see cref="KubernetesOptions.FieldManager"/>.</summary>
    public string? FieldManager { get; init; }
}
