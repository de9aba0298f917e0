using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>Tells people what the database's errors mean, and the program which of them pass.</summary>
internal static class PostgresErrors
{
    /// <summary>True when the same call may succeed a moment later: the server restarts, fails over or was cut off.</summary>
    public static bool IsTransient(Exception exception, PostgresSettings settings) => IsTransient(exception) || HasNoPrimary(exception, settings);

    private static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException e => e.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.ReadOnlySqlTransaction or "25P03"
            || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: AuthenticationException } => false,
        NpgsqlException { InnerException: PostgresException e } => IsTransient(e),
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } => false,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException or EndOfStreamException } => true,
        NpgsqlException { InnerException: AggregateException e } => e.InnerExceptions.Any(IsTransient),
        NpgsqlException e => e.IsTransient,
        SocketException { SocketErrorCode: SocketError.HostNotFound } => false,
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>True when the statement itself was refused, so that others in the same batch may be fine.</summary>
    public static bool IsOfTheStatement(Exception exception) =>
        exception is PostgresException e && (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("54", StringComparison.Ordinal));

    public static bool IsExpected(Exception exception) =>
        exception is NpgsqlException or IOException or SocketException or TimeoutException or UnauthorizedAccessException;

    /// <summary>What failed, why, and what to do; never the password.</summary>
    public static HostStorageException Describe(Exception exception, PostgresSettings settings, string what)
    {
        var cause = exception is NpgsqlException and not PostgresException ? exception.InnerException as PostgresException : exception as PostgresException;
        var reason = cause is null ? $"{exception.Message}{(exception.InnerException is { } inner ? $" ({inner.Message})" : "")}" : $"{cause.MessageText} ({cause.SqlState})";
        return new($"{settings.Address}: {what} failed: {reason.TrimEnd('.')}. {Remedy(exception, cause, settings)}", exception);
    }

    private static string Remedy(Exception exception, PostgresException? cause, PostgresSettings settings) => cause?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => settings.PasswordFile is { } file
            ? $"Check the user in Storage and the password in {file} (Storage:PasswordFile)."
            : "Check the user in Storage, and put its password into the file that Storage:PasswordFile names.",
        PostgresErrorCodes.InvalidCatalogName => "Create the database, or correct its name in Storage.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"User {settings.Address.User} has not this right in schema {settings.Schema}. `ebb storage migrate --roles <file>` of this version, run by the schema's owner, grants "
            + "each role what its app needs; an only user owns the schema, or may create it (see shared/Storage/README.md).",
        PostgresErrorCodes.TooManyConnections => "Raise max_connections of the server, or lower pool in Storage: every replica holds one connection to listen and up to pool for work.",
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable =>
            $"The server took longer than statement_timeout ({settings.Address.StatementTimeout.TotalSeconds:0} s) allows: look for what blocks it in pg_stat_activity, or raise statement_timeout in Storage.",
        PostgresErrorCodes.DiskFull => "Free space on the server's disk.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "This server is a standby: name the primary in Storage, or all hosts separated by commas.",
        not null when !IsTransient(exception) => "The server's log says more about it.",
        _ when HasNoPrimary(exception, settings) => "None of the hosts in Storage takes writes: see that one of them is up and the primary.",
        _ when exception is TimeoutException =>
            "It may be on the primary only: see that a synchronous standby is connected (pg_stat_replication), or take it out of synchronous_standby_names.",
        _ when IsOfTls(exception) => "Check that Storage:CaFile holds the authority that signed the server's certificate and that the certificate names the host in Storage; sslmode in Storage says how much is checked.",
        _ => "Check that the server runs and can be reached from here under the host and port in Storage.",
    };

    // Of several hosts one is down and the others are standbys: the driver tries none of them and says so without a cause.
    private static bool HasNoPrimary(Exception exception, PostgresSettings settings) =>
        settings.Address.Hosts.Count > 1 && exception.GetType() == typeof(NpgsqlException) && exception.InnerException is null;

    private static bool IsOfTls(Exception exception) =>
        exception.InnerException is AuthenticationException || exception.Message.Contains("SSL", StringComparison.Ordinal);
}
