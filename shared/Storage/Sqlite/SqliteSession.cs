using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ebb.Storage.Sqlite;

/// <summary>
/// The one connection to the database, and the statements that were prepared on it; their parameters are $1, $2 and so on. Used by one
/// thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private const int InstructionsBetweenLooks = 1000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private bool? _flushes;

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file that exists, for this connection alone.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public static SqliteSession Open(string path, string? vfs)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            // In seconds, for a database that another program has open: longer only delays the message.
            DefaultTimeout = 1,
            Vfs = vfs,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>Runs statements that return nothing and are not needed again.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The first row; the type's default when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    public bool Any(string sql, params ReadOnlySpan<object?> values) => First(sql, static _ => true, values);

    /// <summary>Whether a commit from here on returns only when everything committed so far is on the disk.</summary>
    public void FlushCommits(bool flush)
    {
        if (_flushes == flush)
            return;
        Run(flush ? "pragma synchronous = full" : "pragma synchronous = normal");
        _flushes = flush;
    }

    /// <summary>From here on statements are interrupted as soon as this says so; null lets them run.</summary>
    public void InterruptWhen(Func<bool>? isOver) =>
        raw.sqlite3_progress_handler(_connection.Handle!, isOver is null ? 0 : InstructionsBetweenLooks, isOver is null ? null : _ => isOver() ? 1 : 0, null);

    /// <summary>Lets closing leave the write-ahead log as it is.</summary>
    public void KeepLog() => raw.sqlite3_db_config(_connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
            _statements[sql] = command = Prepare(sql, values.Length);
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = SqliteValue.Of(values[i]);
        return command;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
        return command;
    }
}
