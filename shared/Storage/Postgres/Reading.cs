using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>Reads columns that may be null.</summary>
internal static class Reading
{
    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static RunError? ErrorOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new(reader.GetString(column), reader.TextOrNull(column + 1) ?? "");

    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            list.Add(row(reader));
        return list;
    }
}
