namespace Ebb.Kubernetes;

/// <summary>A kind of objects and where the API serves it (Kubernetes API Concepts, "Resource URIs"). The common ones are in <see cref="ResourceTypes"/>.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version: <c>v1</c>, <c>v1alpha1</c>.</param>
/// <param name="Plural">The name in URLs: <c>deployments</c>.</param>
/// <param name="Kind">The name in objects: <c>Deployment</c>.</param>
/// <param name="Namespaced">Whether its objects live in a namespace. Default true.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced = true)
{
    /// <summary>Group and version as objects hold them: <c>apps/v1</c>, <c>v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>An object of this type in a namespace.</summary>
    /// <exception cref="ArgumentException">The names cannot be those of an object, or the type has no namespaces.</exception>
    public ObjectReference Named(string @namespace, string name) => new(this, @namespace, name);

    /// <summary>An object of this type, which has no namespaces.</summary>
    /// <exception cref="ArgumentException">The name cannot be that of an object, or the type needs a namespace.</exception>
    public ObjectReference Named(string name) => new(this, null, name);

    /// <summary>As roles and <c>kubectl</c> name it: <c>deployments.apps</c>, <c>pods</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
