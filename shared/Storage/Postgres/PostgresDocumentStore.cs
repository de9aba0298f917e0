using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>The documents of a PostgreSQL store. Each write has an id, so that one whose answer was lost knows itself again.</summary>
internal sealed class PostgresDocumentStore(PostgresDatabase database) : IDocumentStore
{
    // Versions come from one sequence for all keys: none is used again after a deletion.
    private const string Insert =
        $"""
        insert into documents (key, value, version, updated_at, written_by)
        values ($2, $3, nextval('document_versions'), {DatabaseClock.Sql}, $4)
        """;

    private const string Set = $"set value = $3, version = nextval('document_versions'), updated_at = {DatabaseClock.Sql}, written_by = $4";
    private const string Returning = " returning version";
    private const string Always = $"{Insert} on conflict (key) do update {Set}{Returning}";
    private const string IfNone = $"{Insert} on conflict do nothing{Returning}";
    private const string IfVersion = $"update documents {Set} where key = $2 and version = $5{Returning}";
    private const string Written = "select version from documents where key = $1 and written_by = $2";

    public async ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return await database.QueryAsync<Document?>(
            $"reading document {key}",
            () => [Of(DocumentRow.One, Text(key))],
            async (reader, stop) => await reader.ReadAsync(stop) ? DocumentRow.Read(reader) : null,
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentPrefix(prefix);
        return await database.QueryAsync(
            $"listing documents {prefix}",
            () => [Of(DocumentRow.Range, Text(prefix), Text(DocumentRow.Behind(prefix)))],
            (reader, stop) => reader.ListAsync(DocumentRow.Read, stop),
            cancellationToken);
    }

    public async ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        StorageNames.CheckDocument(value);
        StoredText.Check(value, "The document");
        var write = Guid.NewGuid();
        return await database.RunAsync(
            $"writing document {key}",
            async (connection, repeated, stop) =>
                (repeated ? await VersionAsync(connection, Of(Written, Text(key), Uuid(write)), stop) : null)
                ?? await VersionAsync(connection, OfPut(key, value, expectedVersion, write), stop),
            cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string key, long? expectedVersion, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        var version = await database.RunAsync(
            $"deleting document {key}",
            async (connection, repeated, stop) =>
                await VersionAsync(connection, Of("delete from documents where key = $1 and ($2::bigint is null or version = $2) returning version", Text(key), Number(expectedVersion)), stop)
                // The first try may have deleted it; what is certain is that it is gone now.
                ?? (repeated && await VersionAsync(connection, Of("select version from documents where key = $1", Text(key)), stop) is null ? 0 : null),
            cancellationToken);
        return version is not null;
    }

    private NpgsqlBatchCommand OfPut(string key, string value, long? expected, Guid write) => expected switch
    {
        null => Of(Always, database.Clock.Parameter(), Text(key), Text(value), Uuid(write)),
        0 => Of(IfNone, database.Clock.Parameter(), Text(key), Text(value), Uuid(write)),
        _ => Of(IfVersion, database.Clock.Parameter(), Text(key), Text(value), Uuid(write), Number(expected)),
    };

    private static Task<long?> VersionAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken) =>
        PostgresDatabase.ExecuteAsync<long?>(
            connection, [command], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : null, cancellationToken);
}
