using System.Diagnostics;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.Postgres;

/// <summary>A PostgreSQL server from Debian with a cluster of its own, on a free loopback port, that can be killed and started again.</summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    /// <summary>What to do when there is no PostgreSQL.</summary>
    public const string Missing =
        "PostgreSQL's programs are neither in /usr/lib/postgresql/*/bin nor on PATH; install Debian's package postgresql-15 or name their folder in EBB_POSTGRES_BIN.";

    /// <summary>The superuser, who needs no password unless the server wants one.</summary>
    public const string User = "postgres";

    private const int Starts = 5;
    private readonly DirectoryInfo _folder;
    private readonly PostgresServerOptions _options;
    private Process? _process;

    private PostgresServer(DirectoryInfo folder, PostgresServerOptions options) => (_folder, _options) = (folder, options);

    /// <summary>False when no PostgreSQL is installed here.</summary>
    public static bool IsInstalled => PostgresPrograms.Folder is not null;

    public int Port { get; } = LoopbackPort.Next();

    /// <summary>The certificate authority of a server with TLS.</summary>
    public string CaFile => Path.Combine(_folder.FullName, "ca.crt");

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The <c>Storage</c> setting for a database here.</summary>
    public string Url(string database = "postgres", string parameters = "sslmode=disable") => $"postgres://{User}@127.0.0.1:{Port}/{database}?{parameters}";

    /// <summary>Makes a cluster and starts it.</summary>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("ebb-postgres-"), options ?? new());
        try
        {
            await server.InitializeAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server after <see cref="KillAsync"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        for (var start = 1; ; start++)
        {
            var log = await LaunchAsync();
            if (await IsReadyAsync())
                return;
            await KillAsync();
            if (start == Starts)
                throw new InvalidOperationException($"PostgreSQL does not start: {log()}");
            // Children of a killed server may still be about to end.
            await Task.Delay(500);
        }
    }

    /// <summary>Kills the server as a power failure would: nothing is written any more.</summary>
    public Task KillAsync() => EndAsync("-KILL");

    /// <summary>Stops the server at once but in order: clients are cut off, a checkpoint is written.</summary>
    public Task StopAsync() => EndAsync("-INT");

    public async ValueTask DisposeAsync()
    {
        await EndAsync("-QUIT");
        _folder.Delete(recursive: true);
    }

    private async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "password"), _options.Password ?? "unused");
        if (_options.Tls)
            TestAuthority.Write(_folder.FullName);
        await OwnAsync();
        var method = _options.Password is null ? "trust" : "scram-sha-256";
        if (await PostgresPrograms.RunAsync(PostgresPrograms.Command(
                "initdb", "--pgdata", Data, "--username", User, "--auth", method, "--pwfile", Path.Combine(_folder.FullName, "password"),
                "--encoding", "UTF8", "--no-locale", "--no-sync")) is { } problem)
        {
            throw new InvalidOperationException($"initdb failed: {problem}");
        }
    }

    // The server runs as postgres when the tests run as root.
    private async Task OwnAsync()
    {
        if (Environment.IsPrivilegedProcess
            && await PostgresPrograms.RunAsync(new("chown", ["-R", "postgres:postgres", _folder.FullName]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true }) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private async Task<Func<string>> LaunchAsync()
    {
        var log = new List<string>();
        var settings = new List<string>
        {
            "listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=", "max_connections=500", "shared_buffers=64MB",
            "dynamic_shared_memory_type=mmap", $"fsync={(_options.Fsync ? "on" : "off")}", "max_wal_size=2GB", "log_min_messages=fatal",
            "shared_preload_libraries=pg_stat_statements",
        };
        if (_options.Tls)
            settings.AddRange(["ssl=on", $"ssl_cert_file={Path.Combine(_folder.FullName, "server.crt")}", $"ssl_key_file={Path.Combine(_folder.FullName, "server.key")}"]);
        settings.AddRange(_options.Settings);
        _process = Process.Start(PostgresPrograms.Command("postgres", ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]))!;
        void Note(object sender, DataReceivedEventArgs line)
        {
            lock (log)
                log.Add(line.Data ?? "");
        }
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Task.Yield();
        return () =>
        {
            lock (log)
                return string.Join('\n', log.TakeLast(20));
        };
    }

    private async Task<bool> IsReadyAsync()
    {
        for (var i = 0; i < 600 && !_process!.HasExited; i++)
        {
            if (await PostgresPrograms.RunAsync(PostgresPrograms.Command("pg_isready", "--quiet", "--host", "127.0.0.1", "--port", $"{Port}")) is null)
                return !_process.HasExited;
            await Task.Delay(50);
        }
        return false;
    }

    private async Task EndAsync(string signal)
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
