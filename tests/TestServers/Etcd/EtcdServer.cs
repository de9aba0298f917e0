using System.Diagnostics;
using System.Text;
using Ebb.TestServers.Network;

namespace Ebb.TestServers.Etcd;

/// <summary>A real etcd of one member, with ports and data of its own.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly EtcdServerOptions _options;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-etcd-");
    private readonly StringBuilder _log = new();
    private readonly HttpClient _http;
    private Process? _process;

    private EtcdServer(EtcdServerOptions options)
    {
        _options = options;
        PeerPort = options.PeerPort == 0 ? LoopbackPort.Next() : options.PeerPort;
        _http = new HttpClient { BaseAddress = new Uri(GatewayEndpoint) };
        Gateway = new EtcdGateway(_http);
    }

    /// <summary>The port of clients.</summary>
    public int Port { get; } = LoopbackPort.Next();

    /// <summary>The port of other members.</summary>
    public int PeerPort { get; }

    /// <summary>Where clients connect, with TLS if it has any.</summary>
    public string Endpoint => $"{(_options.Tls is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>Its keys, over the JSON gateway of a second port without TLS and client certificates.</summary>
    public EtcdGateway Gateway { get; }

    private int PlainPort { get; } = LoopbackPort.Next();

    private string GatewayEndpoint => $"http://127.0.0.1:{(_options.Tls is null ? Port : PlainPort)}";

    /// <summary>Starts and waits until it serves.</summary>
    public static async Task<EtcdServer> StartAsync(EtcdServerOptions? options = null)
    {
        var server = new EtcdServer(options ?? new EtcdServerOptions());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts with the data it had.</summary>
    public async Task StartAgainAsync()
    {
        var program = _options.Program ?? EtcdPrograms.Server ?? throw new InvalidOperationException("There is no etcd; set EBB_ETCD.");
        var start = new ProcessStartInfo(program, Arguments()) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartTime);
        while (!await AnswersAsync())
        {
            if (_process.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"etcd does not start:\n{_log}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private List<string> Arguments()
    {
        var clients = _options.Tls is null ? Endpoint : $"{Endpoint},{GatewayEndpoint}";
        var peer = $"http://127.0.0.1:{PeerPort}";
        List<string> arguments =
        [
            "--name", _options.Name, "--data-dir", _options.DataDirectory ?? Path.Combine(_folder.FullName, "data"),
            "--listen-client-urls", clients, "--advertise-client-urls", Endpoint,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"{_options.Name}={peer}",
            "--unsafe-no-fsync", "--log-level", "warn", "--quota-backend-bytes", $"{_options.QuotaBytes}",
        ];
        if (_options.TokenLifetime is { } lifetime)
        {
            arguments.AddRange(["--auth-token-ttl", $"{lifetime.TotalSeconds:0}"]);
        }

        if (_options.Tls is { } tls)
        {
            arguments.AddRange(["--cert-file", tls.Certificate, "--key-file", tls.Key]);
        }

        if (_options.ClientAuthority is { } authority)
        {
            arguments.AddRange(["--trusted-ca-file", authority, "--client-cert-auth"]);
        }

        return arguments;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
