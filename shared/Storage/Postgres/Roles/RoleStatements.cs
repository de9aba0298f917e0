using Ebb.Storage.Roles;

namespace Ebb.Storage.Postgres.Roles;

/// <summary>
/// What a role is granted, and which rows: columns where a right is a matter of columns (no body for those who only watch, no caller for
/// anybody to change), policies where it is one of rows.
/// </summary>
internal sealed class RoleStatements(string schema, StorageRole role)
{
    /// <summary>What the names of the policies begin with that are ours to replace.</summary>
    public const string PolicyPrefix = "ebb ";

    /// <summary>Every column but the body.</summary>
    private const string Shown =
        "id, seq, position, queue, place, trigger, dequeue_count, visible_at, lease_until, lease_token, settled_by, created_at, started_at, ended_at, "
        + "awaited, function, instance, sequence_key, idempotency_key, trace_parent, trace_state, caller, error_type, error_message, progress, attempts, result, postponed";

    /// <summary>What a new message consists of; the rest is its default.</summary>
    private const string New =
        "id, seq, position, queue, place, trigger, visible_at, created_at, function, sequence_key, idempotency_key, trace_parent, trace_state, caller, body";

    /// <summary>What becomes of a message: not who asked for what.</summary>
    private const string Worked =
        "position, place, dequeue_count, visible_at, lease_until, lease_token, settled_by, started_at, ended_at, awaited, function, instance, "
        + "error_type, error_message, progress, attempts, result, postponed";

    /// <summary>What becomes of a run that no queue carries.</summary>
    private const string Recorded = "state, started_at, ended_at, function, error_type, error_message, progress, attempts, result, awaited";

    private readonly bool _works = role.Takes.Count + role.Sends.Count + role.Functions.Count > 0;

    /// <summary>The statements, for a role that has nothing yet.</summary>
    public IEnumerable<string> All() =>
        [$"grant usage on schema {schema} to {role.Name}", Grant("select", "schema_versions"), .. Messages(), .. Runs(), .. Keys(), .. Schedules(), .. Documents()];

    private string OwnRuns => Any((Among("queue", role.Takes), role.Takes), ($"queue is null and {Among("function", role.Functions)}", role.Functions));

    private IEnumerable<string> Messages()
    {
        yield return Grant($"select ({Shown})", "messages");
        if (role.Takes.Count > 0)
        {
            yield return Grant("select, delete", "messages");
            yield return Grant($"update ({Worked})", "messages");
            yield return Policy("own", "messages", "all", Among("queue", role.Takes));
        }
        if (role.Watches)
            yield return Policy("watched", "messages", "select", "true");
        if (_works)
        {
            // Noting a run's progress looks here too; without a policy it finds nothing.
            yield return Grant("update (progress)", "messages");
            yield return $"grant usage on sequence order_numbers to {role.Name}";
            yield return $"grant execute on function await_run(uuid), advance(text[], text[], timestamptz) to {role.Name}";
        }
        foreach (var statement in Sending())
            yield return statement;
    }

    private IEnumerable<string> Sending()
    {
        if (role.Takes.Count + role.Sends.Count > 0)
            yield return Grant($"insert ({New})", "messages");
        if (role.Sends.Count == 0)
            yield break;
        var queues = Among("queue", role.Sends);
        if (!role.Watches)
        {
            // Order would need a look at what waits there.
            yield return Check("sent", "messages", $"{queues} and place <> 3 and sequence_key is null");
            yield return Policy("sent", "runs", "select", queues);
            yield break;
        }
        yield return Check("sent", "messages", $"{queues} and place <> 3");
        // A newer message ends those that wait.
        yield return Grant("delete", "messages");
        yield return Policy("superseded", "messages", "delete", $"{queues} and place <> 3 and (lease_until is null or lease_until <= statement_timestamp())");
        yield return Check("superseded", "runs", $"{queues} and state = {(int)RunState.Superseded}");
    }

    private IEnumerable<string> Runs()
    {
        if (role.Watches)
            yield return Policy("watched", "runs", "select", "true");
        yield return Grant("select", "runs");
        if (!_works)
            yield break;
        yield return Grant($"insert, delete, update ({Recorded})", "runs");
        if (role.Takes.Count > 0)
            yield return Policy("own", "runs", "all", OwnRuns);
        else if (role.Functions.Count > 0)
            yield return Policy("own", "runs", "all", OwnRuns, $"{OwnRuns} and not exists (select 1 from {schema}.messages m where m.id = runs.id)");
    }

    private IEnumerable<string> Keys()
    {
        if (!_works)
            yield break;
        yield return Grant("select, insert, delete", "idempotency_keys");
        if (role.Takes.Concat(role.Sends).ToList() is { Count: > 0 } queues)
            yield return Policy("own", "idempotency_keys", "all", Among("queue", queues));
    }

    private IEnumerable<string> Schedules()
    {
        if (role.Timers.Count > 0)
        {
            yield return Grant("select, insert, update", "schedules");
            yield return Policy("own", "schedules", "all", Among("timer", role.Timers));
        }
        if (role.Watches)
        {
            yield return Grant("select", "schedules");
            yield return Policy("watched", "schedules", "select", "true");
        }
    }

    private IEnumerable<string> Documents()
    {
        if (role.Writes.Count > 0)
        {
            yield return Grant("select, insert, update, delete", "documents");
            yield return $"grant usage on sequence document_versions to {role.Name}";
            yield return Policy("own", "documents", "all", BeginsWith(role.Writes));
        }
        if (role.Reads.Count > 0)
        {
            yield return Grant("select", "documents");
            yield return Policy("read", "documents", "select", BeginsWith(role.Reads));
        }
    }

    private string Grant(string rights, string table) => $"grant {rights} on {table} to {role.Name}";

    // "is true" keeps the policy a filter of the rows that a statement's own keys find. As an index condition it would win in a plan that was
    // made while the table was empty, and read every row of the role from then on.
    private string Policy(string what, string table, string command, string rows, string? check = null) =>
        $"create policy \"{PolicyPrefix}{role.Name} {what}\" on {table} for {command} to {role.Name} using (({rows}) is true)"
        + (command == "all" ? $" with check ({check ?? rows})" : "");

    private string Check(string what, string table, string rows) =>
        $"create policy \"{PolicyPrefix}{role.Name} {what}\" on {table} for insert to {role.Name} with check ({rows})";

    private static string Any(params IEnumerable<(string Rows, IReadOnlyList<string> Of)> kinds) =>
        string.Join(" or ", kinds.Where(kind => kind.Of.Count > 0).Select(kind => $"({kind.Rows})")) is { Length: > 0 } any ? any : "false";

    private static string Among(string column, IReadOnlyList<string> values) => $"{column} in ({string.Join(", ", values.Select(Literal))})";

    private static string BeginsWith(IReadOnlyList<string> prefixes) => string.Join(" or ", prefixes.Select(prefix => $"starts_with(key, {Literal(prefix)})"));

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
