using System.Globalization;

namespace Ebb.Storage.Sqlite;

/// <summary>What is stored for a value: the columns know numbers and texts.</summary>
internal static class SqliteValue
{
    private const string MomentFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset moment => Text(moment),
        TimeSpan span => span.Ticks,
        RunId id => id.ToString(),
        Guid id => id.ToString("D"),
        bool flag => flag ? 1L : 0L,
        Enum state => Convert.ToInt64(state, CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>A moment as it sorts.</summary>
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString(MomentFormat, CultureInfo.InvariantCulture);
}
