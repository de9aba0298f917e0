using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Kubernetes;

/// <summary>Who asks, and whether they may (https://kubernetes.io/docs/reference/access-authn-authz/authentication/).</summary>
public sealed class ApiAccess
{
    private readonly ConcurrentDictionary<string, string> _tokens = new();
    private readonly ConcurrentDictionary<string, ApiRule[]> _rules = new();

    internal ApiAccess() => AddToken(AdminToken, "admin", new ApiRule("*", "*"));

    /// <summary>A token that may do everything.</summary>
    public string AdminToken { get; } = $"admin-{Guid.NewGuid():N}";

    public void AddToken(string token, string user, params ApiRule[] rules)
    {
        _tokens[token] = user;
        _rules[user] = rules;
    }

    /// <summary>Accepts client certificates with this common name, whoever issued them.</summary>
    public void AddCertificateUser(string commonName, params ApiRule[] rules) => _rules[commonName] = rules;

    public void RevokeToken(string token) => _tokens.TryRemove(token, out _);

    internal string Authenticate(HttpContext context)
    {
        if (context.Request.Headers.Authorization.FirstOrDefault() is { } header)
        {
            return header.StartsWith("Bearer ", StringComparison.Ordinal) && _tokens.TryGetValue(header["Bearer ".Length..], out var user) ? user : throw ApiException.Unauthorized;
        }

        return context.Connection.ClientCertificate is { } certificate && certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { } name && _rules.ContainsKey(name)
            ? name
            : throw ApiException.Unauthorized;
    }

    internal void Authorize(string user, string verb, ApiRequest request)
    {
        var resource = request.Resource!;
        var full = request.Subresource is null ? resource.QualifiedName : $"{resource.QualifiedName}/{request.Subresource}";
        if (_rules.TryGetValue(user, out var rules) && rules.Any(rule => rule.Allows(verb, full, request.Namespace)))
        {
            return;
        }

        var plural = request.Subresource is null ? resource.Plural : $"{resource.Plural}/{request.Subresource}";
        var where = request.Namespace is null ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        throw ApiException.Forbidden(resource, request.Name, $"User \"{user}\" cannot {verb} resource \"{plural}\" in API group \"{resource.Group}\" {where}");
    }
}
