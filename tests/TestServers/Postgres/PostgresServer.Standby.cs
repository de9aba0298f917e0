namespace Ebb.TestServers.Postgres;

// PostgreSQL 15, sections 27.2.5 (Streaming Replication) and 27.3 (Failover).
public sealed partial class PostgresServer
{
    /// <summary>Makes a standby that follows this server by streaming, and starts it.</summary>
    /// <param name="port">Where the standby reaches this server, such as a proxy's; its own port by default.</param>
    public async Task<PostgresServer> StartStandbyAsync(int? port = null)
    {
        var standby = new PostgresServer(Directory.CreateTempSubdirectory("ebb-postgres-"), _options);
        try
        {
            await standby.OwnAsync();
            if (await PostgresPrograms.RunAsync(PostgresPrograms.Command(
                    "pg_basebackup", "--pgdata", standby.Data, "--host", "127.0.0.1", "--port", $"{port ?? Port}", "--username", User,
                    "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync")) is { } problem)
            {
                throw new InvalidOperationException($"pg_basebackup failed: {problem}");
            }
            await standby.StartAgainAsync();
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the primary of a standby.</summary>
    public async Task PromoteAsync()
    {
        if (await PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_ctl", "promote", "--pgdata", Data, "--wait")) is { } problem)
            throw new InvalidOperationException($"pg_ctl promote failed: {problem}");
    }
}
