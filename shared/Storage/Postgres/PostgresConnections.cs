using System.Globalization;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>The pool of connections to the database.</summary>
internal static class PostgresConnections
{
    public static NpgsqlDataSource Open(PostgresSettings settings)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionString(settings));
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        if (settings.PasswordFile is { } file)
        {
            // Read for every new connection: a rotated password needs no restart.
            builder.UsePasswordProvider(
                _ => System.IO.File.ReadAllText(file).TrimEnd('\r', '\n'),
                async (_, cancellationToken) => (await System.IO.File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'));
        }
        // Of several hosts the one that takes writes is used, also after a failover.
        return settings.Address.Hosts.Count == 1
            ? builder.Build()
            : builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite);
    }

    private static string ConnectionString(PostgresSettings settings)
    {
        var address = settings.Address;
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', address.Hosts),
            Database = address.Database,
            Username = address.User,
            Password = address.Password,
            SslMode = address.SslMode,
            GssEncryptionMode = GssEncryptionMode.Disable,
            RootCertificate = settings.CaFile,
            ApplicationName = address.ApplicationName,
            // One more: the connection on which the process listens.
            MaxPoolSize = address.Pool + 1,
            ConnectionIdleLifetime = 60,
            Timeout = (int)address.ConnectTimeout.TotalSeconds,
            // The server ends a statement first and says why; this is for a server that says nothing any more.
            CommandTimeout = (int)address.StatementTimeout.TotalSeconds + 5,
            CancellationTimeout = 2000,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 15,
            TcpKeepAliveInterval = 5,
            HostRecheckSeconds = 1,
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            SearchPath = settings.Schema,
            Timezone = "UTC",
            Options = ServerOptions(address),
        };
        return builder.ConnectionString;
    }

    // Every statement here goes by keys through an index; what the planner would rather do with a table that is empty
    // when it is asked would stay with a prepared statement when the table has grown.
    private static string ServerOptions(PostgresAddress address) => string.Create(
        CultureInfo.InvariantCulture,
        $"-c statement_timeout={(int)address.StatementTimeout.TotalMilliseconds} -c lock_timeout={(int)(address.StatementTimeout.TotalMilliseconds * 0.8)} -c idle_in_transaction_session_timeout=30000 -c jit=off -c enable_seqscan=off -c enable_bitmapscan=off");
}
