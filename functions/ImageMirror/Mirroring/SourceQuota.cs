using System.Collections.Concurrent;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Stops reading manifests from a registry whose pull quota is nearly used up, so that a mirror never takes the pulls
/// that a cluster behind the same address needs. Docker Hub counts reading a manifest, not asking for it with HEAD.
/// </summary>
internal sealed class SourceQuota(int pullsToKeep, TimeProvider time)
{
    // Docker Hub's, for registries that do not tell theirs.
    private static readonly TimeSpan UsualWindow = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, string> _exhausted = [];

    /// <summary>Reads from the registry if its quota allows.</summary>
    /// <exception cref="MirrorException">The quota is used up but for the pulls to keep.</exception>
    public async Task<T> SpendAsync<T>(RegistryClient registry, Func<Task<T>> pull)
    {
        if (_exhausted.TryGetValue(registry.Registry, out var reason))
        {
            throw Limited($"{registry.Registry} is not asked again in this run: {reason}");
        }

        if (registry.LastRateLimit is { } quota && quota.Remaining <= pullsToKeep && quota.Seen + (quota.Window ?? UsualWindow) > time.GetUtcNow())
        {
            var of = quota.Limit is { } limit ? $" of {limit}" : "";
            throw Limited($"{registry.Registry} allows {quota.Remaining}{of} more pulls, of which {pullsToKeep} are kept in reserve");
        }

        try
        {
            return await pull();
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.RateLimited)
        {
            _exhausted.TryAdd(registry.Registry, e.Message);
            throw;
        }
    }

    private static MirrorException Limited(string message) => new(
        "rateLimited",
        message,
        "The next run goes on from here. Log in to the registry (Registries or a docker config.json) for a higher limit, or lower ImageMirror:PullsToKeep.");
}
