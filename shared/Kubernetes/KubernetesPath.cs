using System.Text;

namespace Ebb.Kubernetes;

/// <summary>URLs of the API, each part escaped (Kubernetes API Concepts, "Resource URIs").</summary>
internal static class KubernetesPath
{
    public static string Of(ResourceType type, string? @namespace, string? name = null)
    {
        if (@namespace is not null && (!type.Namespaced || !ObjectReference.IsNamespace(@namespace)))
        {
            throw new ArgumentException($"'{@namespace}' is no namespace that {type} can be in.", nameof(@namespace));
        }

        var path = new StringBuilder(type.Group.Length == 0 ? "api/" : "apis/").Append(type.ApiVersion);
        path.Append(@namespace is null ? "" : $"/namespaces/{@namespace}").Append('/').Append(type.Plural);
        path.Append(name is null ? "" : "/" + Uri.EscapeDataString(name));
        return path.ToString();
    }

    public static string Of(ObjectReference reference) => Of(reference.Type, reference.Namespace, reference.Name);

    /// <summary>Adds those parameters that have a value.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return query.ToString();
    }
}
