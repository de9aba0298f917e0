using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Kubernetes;

/// <summary>A request's path taken apart (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).</summary>
internal sealed record ApiRequest(HttpRequest Http, ApiResource? Resource, string? Namespace, string? Name, string? Subresource)
{
    public string? Query(string name) => Http.Query.TryGetValue(name, out var values) ? values.FirstOrDefault() : null;

    public bool Flag(string name) => Query(name) is "true" or "1";

    public string Verb => Http.Method switch
    {
        "GET" when Flag("watch") => "watch",
        "GET" => Name is null ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => Name is null ? "deletecollection" : "delete",
        var other => other.ToLowerInvariant(),
    };

    /// <summary>A path of a type that is served; the resource is null when it is not served, the result when it is no path of a type.</summary>
    public static ApiRequest? TryParse(HttpRequest http, ApiResources resources)
    {
        var parts = http.Path.Value!.Trim('/').Split('/');
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var more] => ("", v, more),
            ["apis", var g, var v, .. var more] => (g, v, more),
            _ => ("", "", []),
        };
        return rest switch
        {
            [] => null,
            ["namespaces", var at, var plural, .. var more] when plural is not ("status" or "finalize") =>
                new ApiRequest(http, resources.Find(group, version, plural), at, more.ElementAtOrDefault(0), more.ElementAtOrDefault(1)),
            [var plural, .. var more] => new ApiRequest(http, resources.Find(group, version, plural), null, more.ElementAtOrDefault(0), more.ElementAtOrDefault(1)),
        };
    }
}
