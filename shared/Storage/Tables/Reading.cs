using System.Data.Common;

namespace Ebb.Storage.Tables;

/// <summary>Reads columns that may be null.</summary>
internal static class Reading
{
    public static string? TextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static RunError? ErrorOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new(reader.GetString(column), reader.TextOrNull(column + 1) ?? "");

    public static async Task<List<T>> ListAsync<T>(this DbDataReader reader, Func<DbDataReader, T> row, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            list.Add(row(reader));
        return list;
    }
}
