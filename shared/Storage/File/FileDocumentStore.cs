using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>The documents of a file store.</summary>
internal sealed class FileDocumentStore(FileEngine engine) : IDocumentStore
{
    public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return engine.ReadAsync(state => state.Document(key), cancellationToken);
    }

    public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentPrefix(prefix);
        return engine.ReadAsync(state => state.Documents(prefix), cancellationToken);
    }

    public ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        StorageNames.CheckDocument(value);
        return engine.WriteAsync(
            (state, now) =>
            {
                var entry = state.DecidePut(key, value, expectedVersion, now);
                return Decision<long?>.Of(entry, entry?.Document.Version);
            },
            Durability.OfAll, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string key, long? expectedVersion, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return engine.WriteAsync(
            (state, _) =>
            {
                var entry = state.DecideDelete(key, expectedVersion);
                return Decision<bool>.Of(entry, entry is not null);
            },
            Durability.OfAll, cancellationToken);
    }
}
