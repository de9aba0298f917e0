using System.Globalization;
using Ebb.Storage.Migrations;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>
/// Brings the schema to the version this program knows: numbered files under Migrations, each in a transaction of its own and
/// under a lock, so that replicas that start together do it once.
/// </summary>
internal sealed class Migrations(PostgresDatabase database)
{
    private const string Command = "ebb storage migrate --roles <file>";

    private readonly string _schema = database.Settings.Schema;

    /// <summary>The newest version this program knows.</summary>
    public static int Newest => MigrationScripts.Postgres.Newest;

    /// <exception cref="HostStorageException">
    /// The schema is newer than this program, or could not be made; or it is older, or this user has no rights in it, and that is for the
    /// schema's owner to mend.
    /// </exception>
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        database.RunAsync(
            $"preparing schema {_schema}",
            async (connection, _, stop) =>
            {
                var rights = await SchemaRights.AskAsync(connection, _schema, stop);
                if (rights.Exists && !rights.MayUse)
                    throw new HostStorageException(
                        $"{database.Settings.Address}: this user has no rights in schema {_schema}. Run `{Command}` as {rights.Owner}, who owns it, with a list of roles that names this user.");
                while (await VersionAsync(connection, stop) is var version && version != Newest)
                {
                    if (version > Newest)
                        throw TooNew(version);
                    if (!rights.MayCreate)
                        throw TooOld(version, rights);
                    await ApplyNextAsync(connection, stop);
                }
                return true;
            },
            cancellationToken, patience: TimeSpan.FromSeconds(20));

    private async Task ApplyNextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"set local lock_timeout = 0; set local statement_timeout = '10min'; select pg_advisory_xact_lock(hashtextextended('ebb.migrations.{_schema}', 0))", cancellationToken);
        // Another replica may have done it while this one waited for the lock.
        var version = await VersionAsync(connection, cancellationToken);
        if (version < Newest)
        {
            if (version == 0)
                await CreateSchemaAsync(connection, cancellationToken);
            await ExecuteAsync(connection, MigrationScripts.Postgres.After(version), cancellationToken);
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"insert into schema_versions (version) values ({version + 1})"), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Creating what exists would need the privilege to create.
        await using var exists = new NpgsqlCommand($"select 1 from pg_namespace where nspname = '{_schema}'", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
            await ExecuteAsync(connection, $"create schema {_schema}", cancellationToken);
        await ExecuteAsync(connection, "create table schema_versions (version integer primary key, applied_at timestamptz not null default now())", cancellationToken);
    }

    private async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // From the table, not by to_regclass, which within a transaction goes on saying what it said before.
        await using var known = new NpgsqlCommand(
            $"select exists (select 1 from pg_catalog.pg_tables where schemaname = '{_schema}' and tablename = 'schema_versions')", connection);
        if (await known.ExecuteScalarAsync(cancellationToken) is not true)
            return 0;
        await using var version = new NpgsqlCommand("select coalesce(max(version), 0) from schema_versions", connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private HostStorageException TooOld(int version, SchemaRights rights) => new(
        $"{database.Settings.Address}: schema {_schema} {(version == 0 ? "is not prepared" : $"has version {version}")}, this program needs version {Newest}, and this user may not change it. "
        + $"Run `{Command}` of this version as {rights.Owner ?? "a user who may create the schema"}{(rights.Exists ? ", who owns it" : "")}.");

    private HostStorageException TooNew(int version) => new(
        $"{database.Settings.Address}: schema {_schema} has version {version}, and this program knows versions up to {Newest}: a newer one has prepared it. "
        + "Run that one or a later one, or set Storage:Schema to another schema.");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
