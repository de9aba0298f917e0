using System.Net;
using System.Net.Sockets;

namespace Ebb.TestServers.Network;

/// <summary>One connection over a <see cref="FaultyLink"/>.</summary>
internal sealed class LinkConnection(FaultyLink link, TcpClient client) : IDisposable
{
    private readonly TcpClient _server = new();

    /// <summary>Ends both sides with RST.</summary>
    public void Reset()
    {
        // A linger time of zero is what makes it a reset.
        foreach (var socket in new[] { client.Client, _server.Client })
            socket?.Close(0);
    }

    public async Task PassAsync(int serverPort, CancellationToken cancellationToken)
    {
        try
        {
            await link.WaitUntilOpenAsync().WaitAsync(cancellationToken);
            await _server.ConnectAsync(IPAddress.Loopback, serverPort, cancellationToken);
            client.NoDelay = _server.NoDelay = true;
            var up = CopyAsync(client.GetStream(), _server.GetStream(), cancellationToken);
            var down = CopyAsync(_server.GetStream(), client.GetStream(), cancellationToken);

            // When either side closes, so does the other; while the link is stalled it does not hear of it.
            var first = await Task.WhenAny(up, down);
            await link.WaitUntilOpenAsync().WaitAsync(cancellationToken);
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One of the two went away, or was cut off: that is what a link like this is for.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await link.WaitUntilOpenAsync().WaitAsync(cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
