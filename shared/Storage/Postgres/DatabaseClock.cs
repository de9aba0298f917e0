using Npgsql;
using NpgsqlTypes;

namespace Ebb.Storage.Postgres;

/// <summary>
/// The clock that judges leases, delays and retention: the database's own, since the clocks of the replicas may differ.
/// Every statement has it as its first parameter: <see cref="Sql"/> reads the server's clock where none is given.
/// </summary>
internal sealed class DatabaseClock(Func<DateTimeOffset>? now = null)
{
    /// <summary>The moment in a statement whose first parameter is this clock's.</summary>
    public const string Sql = "coalesce($1, statement_timestamp())";

    public NpgsqlParameter Parameter() =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = now is null ? DBNull.Value : now().UtcDateTime };
}
