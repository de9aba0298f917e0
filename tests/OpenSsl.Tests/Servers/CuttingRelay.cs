using System.Net;
using System.Net.Sockets;

namespace Ebb.OpenSsl.Tests.Servers;

/// <summary>Carries one connection to a server and closes it after so many bytes from there.</summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _running;

    public CuttingRelay(int target, int bytes)
    {
        _listener.Start();
        _running = RunAsync(target, bytes);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(int target, int bytes)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, target);
        var (near, far) = (client.GetStream(), server.GetStream());
        var upwards = near.CopyToAsync(far);
        var buffer = new byte[4096];
        while (bytes > 0 && await far.ReadAsync(buffer.AsMemory(0, Math.Min(bytes, buffer.Length))) is var count and > 0)
        {
            await near.WriteAsync(buffer.AsMemory(0, count));
            bytes -= count;
        }

        client.Client.Shutdown(SocketShutdown.Send);
        await upwards.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
