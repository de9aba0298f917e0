using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.RabbitMQ;

/// <summary>
/// Debian's rabbitmq-server as a node of its own: name, data, cookie, ports and port mapper are private, so that others on the machine
/// are neither seen nor disturbed. It can be killed and started again with its data.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>What to do when there is no RabbitMQ.</summary>
    public const string Missing = "There is no rabbitmq-server: install Debian's package, or name it in EBB_RABBITMQ_SERVER.";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(120);

    // Asks every quorum queue for its leader, elects one where there is none, and prints those.
    private const string ElectLeaders = """
        [begin catch ra:trigger_election(P), element(1, P) end ||
            Q <- rabbit_amqqueue:list(<<"/">>), amqqueue:get_type(Q) =:= rabbit_quorum_queue, P <- [amqqueue:get_pid(Q)],
            case catch ra:members(P, 1000) of {ok, _, _} -> false; _ -> true end].
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-rabbitmq-");
    private readonly int _portMapper = LoopbackPort.Next();
    private readonly int _distribution = LoopbackPort.Next();
    private readonly TlsFiles? _tls;
    private Process? _process;
    private bool _startedBefore;

    private RabbitMqServer(TlsFiles? tls) => _tls = tls;

    /// <summary>The script that starts the server: EBB_RABBITMQ_SERVER, or where Debian has it; null when there is none.</summary>
    public static string? Program
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("EBB_RABBITMQ_SERVER") is { Length: > 0 } set ? set : "/usr/lib/rabbitmq/bin/rabbitmq-server";
            return File.Exists(path) ? path : null;
        }
    }

    public int Port { get; } = LoopbackPort.Next();

    /// <summary>The port with TLS, when there is one.</summary>
    public int TlsPort { get; } = LoopbackPort.Next();

    public string Uri => $"amqp://guest:guest@127.0.0.1:{Port}/";

    /// <summary>Starts a broker and waits until it takes connections; with TLS files also on <see cref="TlsPort"/>.</summary>
    public static async Task<RabbitMqServer> StartAsync(TlsFiles? tls = null)
    {
        var server = new RabbitMqServer(tls);
        try
        {
            await server.PrepareAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the broker as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts the broker again, with the data it had, and waits until every queue can be used.</summary>
    public async Task StartAgainAsync()
    {
        _process = Start(Program ?? throw new InvalidOperationException(Missing));
        using var limit = new CancellationTokenSource(StartTime);
        while (!await AnswersAsync())
        {
            await ThrowIfOverAsync("does not start", limit.Token);
            await Task.Delay(100);
        }

        if (_startedBefore)
        {
            // A fault of RabbitMQ 3.10: after a restart of a single node a quorum queue in some hundred stays without a leader for good.
            while (await ControlAsync("eval", ElectLeaders) is var leaderless and not "[]")
            {
                await ThrowIfOverAsync($"has quorum queues without a leader: {leaderless}", limit.Token);
            }
        }

        _startedBefore = true;
    }

    /// <summary>Runs rabbitmqctl against this broker.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        using var control = Process.Start(Info(Path.Combine(Path.GetDirectoryName(Program!)!, "rabbitmqctl"), ["--quiet", .. arguments]))!;
        var output = control.StandardOutput.ReadToEndAsync();
        var error = await control.StandardError.ReadToEndAsync();
        await control.WaitForExitAsync();
        return control.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} ended with {control.ExitCode}: {error}\n{await LogAsync()}");
    }

    /// <summary>The end of the broker's log.</summary>
    public async Task<string> LogAsync()
    {
        var logs = Directory.Exists(In("log")) ? Directory.GetFiles(In("log"), "*.log") : [];
        return logs.Length == 0 ? "it wrote no log" : string.Join('\n', (await File.ReadAllLinesAsync(logs[0])).TakeLast(30));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        using var mapper = Process.Start(Info("/bin/sh", ["-c", "command -v epmd >/dev/null && epmd -kill"]));
        await mapper!.WaitForExitAsync();
        _folder.Delete(recursive: true);
    }

    private async Task PrepareAsync()
    {
        await File.WriteAllTextAsync(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            log.console = false
            disk_free_limit.absolute = 1MB
            {(_tls is null ? "" : $"""
                listeners.ssl.1 = 127.0.0.1:{TlsPort}
                ssl_options.cacertfile = {_tls.Authority}
                ssl_options.certfile = {_tls.Certificate}
                ssl_options.keyfile = {_tls.Key}
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = false
                """)}
            """);
        await File.WriteAllTextAsync(In("enabled_plugins"), "[].");

        // What a queue dead-letters while the target's leader is not elected yet is sent again after this; three minutes by default.
        await File.WriteAllTextAsync(In("advanced.config"), "[{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 2000}]}].");
        await File.WriteAllTextAsync(In(".erlang.cookie"), Guid.NewGuid().ToString("N"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In(".erlang.cookie"), UnixFileMode.UserRead);
        }
    }

    private async Task ThrowIfOverAsync(string what, CancellationToken limit)
    {
        if (_process!.HasExited || limit.IsCancellationRequested)
        {
            throw new InvalidOperationException($"rabbitmq-server {what}:\n{await LogAsync()}");
        }
    }

    private Process Start(string program)
    {
        var process = Process.Start(Info(program, []))!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private ProcessStartInfo Info(string program, string[] arguments)
    {
        // Debian's wrapper changes to the user rabbitmq; the server's own scripts are beside what it links to.
        var real = new FileInfo(program) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : program;
        var info = new ProcessStartInfo(real, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", _folder.FullName),
            ("RABBITMQ_NODENAME", $"ebb{Port}@localhost"),
            ("RABBITMQ_MNESIA_BASE", In("data")),
            ("RABBITMQ_LOG_BASE", In("log")),
            ("RABBITMQ_CONFIG_FILE", In("rabbitmq.conf")),
            ("RABBITMQ_ADVANCED_CONFIG_FILE", In("advanced.config")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", In("enabled_plugins")),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
            ("RABBITMQ_DIST_PORT", $"{_distribution}"),
            ("ERL_CRASH_DUMP", In("erl_crash.dump")),
            ("ERL_EPMD_PORT", $"{_portMapper}"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
        })
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            // The broker answers an unknown protocol with its own header (AMQP 0-9-1, section 4.2.2).
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("AMQP\0\0\0\0"u8.ToArray());
            var answer = new byte[8];
            await client.GetStream().ReadExactlyAsync(answer);
            return answer.AsSpan().StartsWith("AMQP"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
