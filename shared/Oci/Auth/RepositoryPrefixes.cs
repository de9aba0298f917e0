namespace Ebb.Oci.Auth;

/// <summary>The names under which a repository's credential may stand (containers-auth.json(5)).</summary>
internal static class RepositoryPrefixes
{
    /// <summary><c>host/team/app</c>, <c>host/team</c>, <c>host</c>: the longest first. Without a repository the host alone.</summary>
    public static IEnumerable<string> Of(string registry, string? repository)
    {
        for (var path = repository; path is not null; path = path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : null)
        {
            yield return $"{registry}/{path}";
        }

        yield return registry;
    }
}
