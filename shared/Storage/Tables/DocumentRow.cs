using System.Data.Common;

namespace Ebb.Storage.Tables;

/// <summary>Documents as they are read.</summary>
internal static class DocumentRow
{
    public const string All = "select key, value, version, updated_at from documents";

    public const string One = All + " where key = $1";

    /// <summary>Those whose key is at least $1 and less than $2: see <see cref="Behind"/>.</summary>
    public const string Range = All + " where key >= $1 and key < $2 order by key";

    /// <summary>Keys are ASCII: the last character of that sorts behind all that begin with the prefix.</summary>
    public static string Behind(string prefix) => prefix + '\x7f';

    public static Document Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3));
}
