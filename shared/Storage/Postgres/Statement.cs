using Npgsql;
using NpgsqlTypes;

namespace Ebb.Storage.Postgres;

/// <summary>Makes statements and their parameters.</summary>
internal static class Statement
{
    /// <summary>A statement; its parameters are $1, $2 and so on.</summary>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Texts(IEnumerable<string?> values) => Array(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Id(RunId? value) => Of(value?.Value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Uuid(Guid value) => Of((Guid?)value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Uuids(IEnumerable<Guid> values) => Array(values, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Number(long? value) => Of(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Numbers(IEnumerable<long> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Flag(bool value) => Of((bool?)value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(value?.UtcDateTime, NpgsqlDbType.TimestampTz);

    /// <summary>A span in microseconds, PostgreSQL's own unit.</summary>
    public static long Microseconds(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. values] };
}
