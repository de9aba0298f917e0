using System.Text.Json;
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
        return Of(place, await documents.GetAsync(KeyOf(place), cancellationToken));
    }

    /// <summary>What is known of an application's environments, or of all, with the document's version.</summary>
    public async Task<IReadOnlyList<(EnvironmentDocument Known, long Version)>> ListAsync(string? application, CancellationToken cancellationToken)
    {
        var found = await documents.ListAsync(application is null ? EnvironmentDocument.Prefix : EnvironmentDocument.PrefixOf(application), cancellationToken);
        return [.. found.Select(document => (JsonSerializer.Deserialize(document.Value, ContractsJson.Default.EnvironmentDocument)!, document.Version))];
    }

    /// <summary>Changes what is known, however many others do so at the same time; nothing is written where nothing changes.</summary>
    public async Task<EnvironmentDocument> UpdateAsync(SecretPlace place, Func<EnvironmentDocument, EnvironmentDocument> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            var stored = await documents.GetAsync(KeyOf(place), cancellationToken);
            var before = Of(place, stored);
            var after = change(before);
            if (ReferenceEquals(before, after)
                || await documents.PutAsync(KeyOf(place), JsonSerializer.Serialize(after, ContractsJson.Default.EnvironmentDocument), stored?.Version ?? 0, cancellationToken) is not null)
            {
                return after;
            }
        }
    }

    /// <summary>Forgets an environment that the store no longer has, unless it changed since this version or keeps something that cannot be found out anew.</summary>
    public async Task ForgetAsync(SecretPlace place, long version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (await documents.GetAsync(KeyOf(place), cancellationToken) is { } stored && stored.Version == version && Of(place, stored) is { Pin: null, Pending: null, Begun: null })
        {
            await documents.DeleteAsync(stored.Key, stored.Version, cancellationToken);
        }
    }

    private static string KeyOf(SecretPlace place) => EnvironmentDocument.KeyOf(place.Application, place.Environment);

    private static EnvironmentDocument Of(SecretPlace place, Document? document) => document is null
        ? new EnvironmentDocument { Application = place.Application, Environment = place.Environment }
        : JsonSerializer.Deserialize(document.Value, ContractsJson.Default.EnvironmentDocument)!;
}
