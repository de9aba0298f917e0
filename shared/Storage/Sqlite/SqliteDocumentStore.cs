using Ebb.Storage.Rules;
using Ebb.Storage.Tables;

namespace Ebb.Storage.Sqlite;

/// <summary>The documents of a SQLite store.</summary>
internal sealed class SqliteDocumentStore(SqliteEngine engine) : IDocumentStore
{
    public ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return engine.ReadAsync(work => work.Session.First(DocumentRow.One, DocumentRow.Read, key), cancellationToken);
    }

    public ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentPrefix(prefix);
        return engine.ReadAsync<IReadOnlyList<Document>>(
            work => work.Session.Rows(DocumentRow.Range, DocumentRow.Read, prefix, DocumentRow.Behind(prefix)), cancellationToken);
    }

    public ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? fence, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        StorageNames.CheckDocument(value);
        StoredText.Check(value, "The document");
        return engine.WriteAsync(work => DocumentTable.Put(work, key, value, expectedVersion, fence), cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? fence, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return engine.WriteAsync(work => DocumentTable.Delete(work, key, expectedVersion, fence), cancellationToken);
    }

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => engine.ReadAsync(work => work.Now.Wall, cancellationToken);
}
