using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Stores;
using Ebb.Storage;

namespace Ebb.SecretBump.Changes;

/// <summary>
/// What is known of each environment, in host storage. The store of secrets is the truth; of all that is here only pins, what waits for
/// approval and what was begun cannot be found out anew.
/// </summary>
public sealed class EnvironmentMemory(IDocumentStore documents)
{
    /// <summary>What is known; an empty document where nothing is.</summary>
    public async Task<EnvironmentDocument> ReadAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        return await documents.FindAsync(KeyOf(place), ContractsJson.Default.EnvironmentDocument, cancellationToken) ?? Unknown(place);
    }

    /// <summary>What is known of an application's environments, or of all, with the document's version.</summary>
    public async Task<IReadOnlyList<(EnvironmentDocument Known, long Version)>> ListAsync(string? application, CancellationToken cancellationToken)
    {
        var found = await documents.ListAsync(application is null ? EnvironmentDocument.Prefix : EnvironmentDocument.PrefixOf(application), cancellationToken);
        return [.. found.Select(document => (document.Read(ContractsJson.Default.EnvironmentDocument), document.Version))];
    }

    /// <summary>Changes what is known, however many others do so at the same time; nothing is written where nothing changes.</summary>
    public Task<EnvironmentDocument> UpdateAsync(SecretPlace place, Func<EnvironmentDocument, EnvironmentDocument> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        return documents.UpdateAsync(KeyOf(place), ContractsJson.Default.EnvironmentDocument, Unknown(place), change, cancellationToken);
    }

    /// <summary>Forgets an environment that the store no longer has, unless it changed since this version or keeps something that cannot be found out anew.</summary>
    public async Task ForgetAsync(SecretPlace place, long version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (await documents.GetAsync(KeyOf(place), cancellationToken) is { } stored && stored.Version == version && stored.Read(ContractsJson.Default.EnvironmentDocument) is { Pin: null, Pending: null, Begun: null })
        {
            await documents.DeleteAsync(stored.Key, stored.Version, cancellationToken);
        }
    }

    private static string KeyOf(SecretPlace place) => EnvironmentDocument.KeyOf(place.Application, place.Environment);

    private static EnvironmentDocument Unknown(SecretPlace place) => new() { Application = place.Application, Environment = place.Environment };
}
