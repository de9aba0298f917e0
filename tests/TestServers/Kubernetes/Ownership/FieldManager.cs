namespace Ebb.TestServers.Kubernetes.Ownership;

/// <summary>Who writes: the name, whether by apply, and through which subresource.</summary>
internal sealed record FieldManager(string Name, bool Applies, string Subresource = "");
