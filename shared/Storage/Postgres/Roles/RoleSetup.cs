using Ebb.Storage.Roles;
using Ebb.Storage.Tables;
using Npgsql;
using static Ebb.Storage.Postgres.Statement;

namespace Ebb.Storage.Postgres.Roles;

/// <summary>Grants each role what it is to have, and takes from those that were granted something here before what they no longer are to have.</summary>
internal sealed class RoleSetup(PostgresDatabase database)
{
    // Whom our policies are for has something by us.
    private const string Ours =
        $"select distinct unnest(roles)::text from pg_policies where schemaname = $1 and starts_with(policyname, '{RoleStatements.PolicyPrefix}')";

    private const string Policies =
        $"select format('drop policy %I on %I.%I', policyname, schemaname, tablename) from pg_policies where schemaname = $1 and starts_with(policyname, '{RoleStatements.PolicyPrefix}')";

    // A role that owns the schema, or can become the one that does, is bound by no policy.
    private const string Unfit =
        """
        select n.name, r.rolname is null, coalesce(r.rolsuper or r.rolbypassrls or pg_has_role(r.oid, s.nspowner, 'member'), false)
        from unnest($2::text[]) n(name) left join pg_roles r on r.rolname = n.name join pg_namespace s on s.nspname = $1
        order by 1
        """;

    private readonly string _schema = database.Settings.Schema;

    /// <exception cref="HostStorageException">A role is missing or cannot be confined, or this user does not own the tables.</exception>
    public Task ApplyAsync(IReadOnlyList<StorageRole> roles, CancellationToken cancellationToken) => database.RunAsync(
        $"granting {roles.Count} roles their rights",
        async (connection, _, stop) =>
        {
            await CheckAsync(connection, roles, stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            // All tables at once, so that nobody is between two of them.
            await ExecuteAsync(connection, ["lock table messages, runs, idempotency_keys, schedules, documents in access exclusive mode"], stop);
            await ExecuteAsync(connection, await TakenAsync(connection, roles, stop), stop);
            await ExecuteAsync(connection, roles.SelectMany(role => new RoleStatements(_schema, role).All()), stop);
            await transaction.CommitAsync(stop);
            return true;
        },
        cancellationToken, patience: TimeSpan.FromSeconds(20));

    private async Task CheckAsync(NpgsqlConnection connection, IReadOnlyList<StorageRole> roles, CancellationToken cancellationToken)
    {
        var found = await PostgresDatabase.ExecuteAsync(
            connection, [Of(Unfit, Text(_schema), Texts(roles.Select(role => role.Name)))],
            (reader, stop) => reader.ListAsync(row => (Name: row.GetString(0), Missing: row.GetBoolean(1), Unbound: row.GetBoolean(2)), stop), cancellationToken);
        var problems = found.Where(role => role.Missing).Select(role =>
                $"There is no role {role.Name}. Create it (create role {role.Name} login password '…'; with CloudNativePG, spec.managed.roles) and run this again.")
            .Concat(found.Where(role => role.Unbound).Select(role =>
                $"Role {role.Name} is a superuser, ignores row security or can act as the schema's owner: no grant confines it. Take that from it, or name another role."))
            .ToList();
        if (problems.Count > 0)
            throw new HostStorageException($"{database.Settings.Address}: {string.Join('\n', problems)}");
    }

    private async Task<IReadOnlyList<string>> TakenAsync(NpgsqlConnection connection, IReadOnlyList<StorageRole> roles, CancellationToken cancellationToken)
    {
        var before = await ListAsync(connection, Ours, cancellationToken);
        var policies = await ListAsync(connection, Policies, cancellationToken);
        return
        [
            .. policies,
            .. before.Union(roles.Select(role => role.Name)).SelectMany(IEnumerable<string> (role) =>
            [
                $"revoke all on all tables in schema {_schema} from \"{role}\"",
                $"revoke all on all sequences in schema {_schema} from \"{role}\"",
                $"revoke all on all functions in schema {_schema} from \"{role}\"",
                $"revoke all on schema {_schema} from \"{role}\"",
            ]),
        ];
    }

    private Task<List<string>> ListAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) => PostgresDatabase.ExecuteAsync(
        connection, [Of(sql, Text(_schema))], (reader, stop) => reader.ListAsync(row => row.GetString(0), stop), cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
