using Ebb.Storage.Rules;
using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres;

/// <summary>The documents of a PostgreSQL store. Each write has an id, so that one whose answer was lost knows itself again.</summary>
internal sealed class PostgresDocumentStore(PostgresDatabase database) : IDocumentStore
{
    // Locked until the transaction ends, so that nobody takes the key between the look at it and the commit; who took it just before is waited
    // for and seen.
    private const string Held = "($6::text is null or exists (select 1 from documents where key = $6 and value = $7 for share))";

    // Versions come from one sequence for all keys: none is used again after a deletion.
    private const string Insert =
        $"""
        insert into documents (key, value, version, updated_at, written_by)
        select $2, $3, nextval('document_versions'), {DatabaseClock.Sql}, $4 where {Held}
        """;

    private const string Set = $"set value = $3, version = nextval('document_versions'), updated_at = {DatabaseClock.Sql}, written_by = $4";
    private const string Returning = " returning version";
    private const string Always = $"{Insert} on conflict (key) do update {Set}{Returning}";
    private const string IfNone = $"{Insert} on conflict do nothing{Returning}";
    private const string IfVersion = $"update documents {Set} where key = $2 and version = $5 and {Held}{Returning}";
    private const string Remove = $"delete from documents where key = $2 and ($5::bigint is null or version = $5) and {Held}{Returning}";
    private const string Written = "select version from documents where key = $1 and written_by = $2";

    public async ValueTask<Document?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        return await database.QueryAsync<Document?>(
            $"reading document {key}",
            () => [Statement.Of(DocumentRow.One, Text(key))],
            async (reader, stop) => await reader.ReadAsync(stop) ? DocumentRow.Read(reader) : null,
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<Document>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentPrefix(prefix);
        return await database.QueryAsync(
            $"listing documents {prefix}",
            () => [Statement.Of(DocumentRow.Range, Text(prefix), Text(DocumentRow.Behind(prefix)))],
            (reader, stop) => reader.ListAsync(DocumentRow.Read, stop),
            cancellationToken);
    }

    public async ValueTask<long?> PutAsync(string key, string value, long? expectedVersion, Fence? fence, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        StorageNames.CheckDocument(value);
        StoredText.Check(value, "The document");
        var write = Guid.NewGuid();
        return await database.RunAsync(
            $"writing document {key}",
            async (connection, repeated, stop) =>
                (repeated ? await VersionAsync(connection, Statement.Of(Written, Text(key), Uuid(write)), stop) : null)
                ?? await VersionAsync(connection, OfPut(key, value, expectedVersion, write, fence), stop),
            cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string key, long? expectedVersion, Fence? fence, CancellationToken cancellationToken)
    {
        StorageNames.CheckDocumentKey(key);
        var version = await database.RunAsync(
            $"deleting document {key}",
            async (connection, repeated, stop) =>
                await VersionAsync(connection, Of(Remove, key, "", expectedVersion, default, fence), stop)
                // The first try may have deleted it; what is certain is that it is gone now.
                ?? (repeated && await VersionAsync(connection, Statement.Of("select version from documents where key = $1", Text(key)), stop) is null ? 0 : null),
            cancellationToken);
        return version is not null;
    }

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => new(database.QueryAsync(
        "asking for the time",
        () => [Statement.Of($"select {DatabaseClock.Sql}", database.Clock.Parameter())],
        async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetFieldValue<DateTimeOffset>(0) : throw new InvalidOperationException("the question has one row"),
        cancellationToken));

    private NpgsqlBatchCommand OfPut(string key, string value, long? expected, Guid write, Fence? fence) =>
        Of(expected switch { null => Always, 0 => IfNone, _ => IfVersion }, key, value, expected, write, fence);

    private NpgsqlBatchCommand Of(string sql, string key, string value, long? expected, Guid write, Fence? fence) =>
        Statement.Of(sql, database.Clock.Parameter(), Text(key), Text(value), Uuid(write), Number(expected), Text(fence?.Key), Text(fence?.Token));

    private static Task<long?> VersionAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken) =>
        PostgresDatabase.ExecuteAsync<long?>(
            connection, [command], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : null, cancellationToken);
}
