using System.Net;
using System.Net.Sockets;

namespace Ebb.TestServers.Postgres;

/// <summary>A TCP proxy that can stop passing anything on, as a network does that is cut: nobody is told.</summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Lock _lock = new();
    private readonly int _target;
    private readonly Task _accepting;
    private TaskCompletionSource _open = new();

    public CuttableProxy(int target)
    {
        _target = target;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Passes nothing on any more; connections stay as they are.</summary>
    public void Cut() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the connections of the time before and passes on what comes over new ones.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
        }
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        Heal();
        await _accepting;
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closed.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        lock (_lock)
            _clients.AddRange([client, server]);
        try
        {
            await _open.Task.WaitAsync(_closed.Token);
            await server.ConnectAsync(IPAddress.Loopback, _target, _closed.Token);
            await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream()), PassAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the ends is gone.
        }
        client.Dispose();
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16384];
        while (await from.ReadAsync(buffer, _closed.Token) is > 0 and var count)
        {
            await _open.Task.WaitAsync(_closed.Token);
            await to.WriteAsync(buffer.AsMemory(0, count), _closed.Token);
        }
    }
}
