namespace Ebb.Kubernetes;

/// <summary>One object of a cluster, by name. Always fit for a URL.</summary>
public sealed record ObjectReference
{
    private const int MaxNameLength = 253;
    private const int MaxNamespaceLength = 63;

    /// <summary>Names an object.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="namespace">Its namespace; null for types without.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The names cannot be those of an object of the type.</exception>
    public ObjectReference(ResourceType type, string? @namespace, string name)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.Namespaced != @namespace is not null)
        {
            throw new ArgumentException($"{type} are {(type.Namespaced ? "in" : "not in any")} namespace.", nameof(@namespace));
        }

        if (@namespace is not null && !IsNamespace(@namespace))
        {
            throw new ArgumentException($"'{@namespace}' is no namespace: lower-case letters, digits and '-', at most {MaxNamespaceLength}.", nameof(@namespace));
        }

        if (!IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of an object: at most {MaxNameLength} characters, no '/', '%' or control characters, not '.' or '..'.", nameof(name));
        }

        (Type, Namespace, Name) = (type, @namespace, name);
    }

    /// <summary>The type.</summary>
    public ResourceType Type { get; }

    /// <summary>The namespace; null for types without.</summary>
    public string? Namespace { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>True for a DNS label (RFC 1123), which a namespace's name is.</summary>
    public static bool IsNamespace(string? text) => text is { Length: > 0 and <= MaxNamespaceLength }
        && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>As <c>kubectl</c> names it, with the namespace: <c>deployments.apps/web in shop</c>.</summary>
    public override string ToString() => Namespace is null ? $"{Type}/{Name}" : $"{Type}/{Name} in {Namespace}";

    // What any type's name may be (apimachinery, api/validation/path). Most types are stricter, which the server checks.
    private static bool IsName(string name) => name is { Length: > 0 and <= MaxNameLength } and not ("." or "..")
        && name.All(c => c is > ' ' and < (char)127 and not ('/' or '%' or '?' or '#' or '\\'));
}
