using Ebb.Storage.Tables;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>What the user of a connection may do with the schema.</summary>
internal sealed record SchemaRights(bool Exists, string? Owner, bool MayUse, bool MayCreate)
{
    // Whoever may create in the schema is one who prepared it, or could: the owner, or a user that it was given to.
    private const string Ask =
        """
        select n.oid is not null, pg_get_userbyid(n.nspowner), coalesce(has_schema_privilege(n.oid, 'usage'), false),
            case when n.oid is null then has_database_privilege(current_database(), 'create') else has_schema_privilege(n.oid, 'create') end
        from (select 1) one left join pg_namespace n on n.nspname = $1
        """;

    public static Task<SchemaRights> AskAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken) =>
        PostgresDatabase.ExecuteAsync(
            connection,
            [Statement.Of(Ask, Statement.Text(schema))],
            async (reader, stop) => await reader.ReadAsync(stop)
                ? new SchemaRights(reader.GetBoolean(0), reader.TextOrNull(1), reader.GetBoolean(2), reader.GetBoolean(3))
                : throw new InvalidOperationException("the question has one row"),
            cancellationToken);
}
