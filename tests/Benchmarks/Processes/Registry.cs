using System.Diagnostics;
using Ebb.TestServers.Network;

namespace Ebb.Benchmarks.Processes;

/// <summary>A docker-registry process over a storage directory.</summary>
internal sealed class Registry : IAsyncDisposable
{
    private readonly Process _server;
    private readonly string _accessLog;

    private Registry(Process server, string host, string accessLog) => (_server, Host, _accessLog) = (server, host, accessLog);

    /// <summary>Host and port.</summary>
    public string Host { get; }

    /// <summary>Requests answered so far, by its access log.</summary>
    public async Task<int> RequestsAsync()
    {
        await using var file = new FileStream(_accessLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return (await reader.ReadToEndAsync()).Split('\n').Count(line => line.Contains(" /v2/", StringComparison.Ordinal));
    }

    public static async Task<Registry> StartAsync(string storage)
    {
        var id = Guid.NewGuid().ToString("N");
        var host = $"127.0.0.1:{LoopbackPort.Next()}";
        var configuration = Path.Combine(Settings.Scratch, $"{id}.yml");
        var log = Path.Combine(Settings.Scratch, $"{id}.log");
        Directory.CreateDirectory(storage);
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            log: { level: error }
            storage:
              filesystem: { rootdirectory: "{{storage}}" }
              cache: { blobdescriptor: inmemory }
            http: { addr: "{{host}}", secret: "{{id}}" }
            """);
        var process = Process.Start("/bin/sh", ["-c", "exec docker-registry serve \"$0\" >\"$1\" 2>&1", configuration, log]);
        var registry = new Registry(process, host, log);
        await Answers.WaitAsync($"http://{host}/v2/", process);
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
