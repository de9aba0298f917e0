namespace Ebb.Kubernetes;

/// <summary>Who an object belongs to (Kubernetes API v1.32, OwnerReference v1 meta).</summary>
/// <param name="ApiVersion">The owner's group and version.</param>
/// <param name="Kind">The owner's kind.</param>
/// <param name="Name">The owner's name.</param>
/// <param name="Uid">The owner's uid.</param>
/// <param name="Controller">Whether the owner manages the object.</param>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controller);
