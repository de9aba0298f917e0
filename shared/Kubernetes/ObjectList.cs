namespace Ebb.Kubernetes;

/// <summary>All objects of a list, from every page.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The moment the list shows; a watch from here misses nothing.</param>
public sealed record ObjectList(IReadOnlyList<KubernetesObject> Items, string ResourceVersion);
