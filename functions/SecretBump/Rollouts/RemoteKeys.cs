using Ebb.SecretBump.Stores;

namespace Ebb.SecretBump.Rollouts;

/// <summary>What an ExternalSecret may call an application's secret in <c>remoteRef.key</c>.</summary>
public sealed class RemoteKeys(Func<SecretPlace, IEnumerable<string>> names)
{
    /// <summary>The names of a place.</summary>
    public IReadOnlySet<string> Of(SecretPlace place) => names(place).ToHashSet(StringComparer.Ordinal);

    /// <summary>Vault's: a path within the SecretStore's mount, or with the mount before it, or as the API has it.</summary>
    public static RemoteKeys OfVault(VaultStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RemoteKeys(place =>
        {
            var path = options.Layout.PathOf(place);
            return [path, $"{options.Mount}/{path}", $"{options.Mount}/data/{path}"];
        });
    }
}
