using System.Net;

namespace Ebb.OpenSsl.Tests.Servers;

/// <summary><c>openssl s_server</c>, OpenSSL's own: serves one connection after the other.</summary>
internal sealed class OpenSslServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private OpenSslServer(ServerProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public DnsEndPoint Name => new("localhost", Port);

    public DnsEndPoint Address => new("127.0.0.1", Port);

    public static async Task<OpenSslServer> StartAsync(Pki pki, string certificate = "server", params string[] more)
    {
        string[] arguments = ["s_server", "-4", "-accept", "127.0.0.1:0", "-cert", $"{certificate}.crt", "-key", $"{certificate}.key", .. more];
        var process = new ServerProcess(Peers.OpenSsl, Path.GetDirectoryName(pki.At("ca.crt"))!, arguments);
        try
        {
            var line = await process.WaitForLineAsync("ACCEPT");
            return new OpenSslServer(process, int.Parse(line[(line.LastIndexOf(':') + 1)..]));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task TypeAsync(string line) => _process.TypeAsync(line);

    public Task<string> WaitForLineAsync(string start) => _process.WaitForLineAsync(start);

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
